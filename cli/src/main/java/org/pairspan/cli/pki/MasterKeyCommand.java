package org.pairspan.cli.pki;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import org.pairspan.runtime.certificate.SecretFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes the key under which key servers seal what they store. */
@Command(name = "master-key",
    description = "Makes the master key of a key service: 256 random bits in hexadecimal, the same file for each of its key servers.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExample:%n",
    footer = "  pairspan pki master-key --dir pki")
final class MasterKeyCommand implements Callable<Integer> {
    private static final int OCTETS = 32;

    @Option(names = "--dir", paramLabel = "DIR", defaultValue = "pki", description = "folder for master.key, created when needed (default: ${DEFAULT-VALUE})")
    private Path directory;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Path file = directory.resolve("master.key");
        byte[] key = new byte[OCTETS];
        new SecureRandom().nextBytes(key);
        try {
            SecretFiles.write(file, HexFormat.of().formatHex(key) + "\n");
        } finally {
            Arrays.fill(key, (byte) 0);
        }
        spec.commandLine().getOut().println("master key: " + file + ". Without it, stored pair keys cannot be opened: keep a copy in a safe place.");
        return 0;
    }
}
