package org.pairspan.cli.pki;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.pairspan.kms.sealing.KeyShare;
import org.pairspan.kms.sealing.MasterKey;
import org.pairspan.kms.sealing.ShareSet;
import org.pairspan.kms.sealing.TokenMasterKey;
import org.pairspan.runtime.certificate.SecretFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Makes the key under which key servers seal what they store. */
@Command(name = "master-key",
    description = "Makes the master key of a key service, 256 random bits: a file, the same for each of its key servers; or shares, of which so many together give "
        + "the key, which itself is kept nowhere; or a key that never leaves a PKCS #11 token.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
        "  pairspan pki master-key --dir pki",
        "  pairspan pki master-key --shares 3 --threshold 2 --dir /media/ceremony",
        "  pairspan pki master-key --shares 3 --threshold 2 --print",
        "  pairspan pki master-key --pkcs11-library /usr/lib/softhsm/libsofthsm2.so --pin-file /etc/pairspan/pin"})
final class MasterKeyCommand implements Callable<Integer> {
    @Option(names = "--dir", paramLabel = "DIR", defaultValue = "pki",
        description = "folder for master.key or the shares, created when needed (default: ${DEFAULT-VALUE})")
    private Path directory;

    @Option(names = "--shares", paramLabel = "N", description = "make so many shares, 2 to " + KeyShare.MAX_COUNT + ", each in a file of its own")
    private Integer shares;

    @Option(names = "--threshold", paramLabel = "M", description = "so many shares give the key, 2 to N")
    private Integer threshold;

    @Option(names = "--print", description = "show the shares here, to be printed or written down, and keep none of them")
    private boolean print;

    @Mixin
    private TokenOption token;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (shares == null != (threshold == null) || token.isIncomplete() || shares != null && token.isGiven()) {
            throw new ParameterException(spec.commandLine(),
                "--shares goes with --threshold, --pkcs11-library with --pin-file, and only one of the two pairs can be given");
        }
        if (token.isGiven()) {
            TokenMasterKey.create(token.settings());
            say("master key: in the token, label " + token.keyLabel() + ". Without it, stored keys cannot be opened: keep a backup of the token.");
        } else if (shares != null) {
            makeShares();
        } else {
            Path file = directory.resolve("master.key");
            Files.createDirectories(directory);
            MasterKey.create(file);
            say("master key: " + file + ". Without it, stored keys cannot be opened: keep a copy in a safe place.");
        }
        return 0;
    }

    private void makeShares() throws IOException {
        byte[] key = new byte[MasterKey.LENGTH];
        SecureRandom random = new SecureRandom();
        random.nextBytes(key);
        List<KeyShare> made = List.of();
        try {
            made = ShareSet.split(key, threshold, shares, random);
            for (KeyShare share : made) {
                hand(share);
            }
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        } finally {
            Arrays.fill(key, (byte) 0);
            made.forEach(KeyShare::wipe);
        }
        say("master key: " + threshold + " of these " + shares + " shares give it. Where fewer are left, stored keys cannot be opened: keep each with somebody else.");
    }

    private void hand(KeyShare share) throws IOException {
        char[] text = share.text();
        try {
            if (print) {
                PrintWriter out = spec.commandLine().getOut();
                out.println("Pairspan " + share + ", " + share.threshold() + " are needed");
                out.println(text);
                out.println();
            } else {
                Path file = directory.resolve("share-" + share.number() + "-of-" + share.count() + ".txt");
                SecretFiles.write(file, new String(text) + "\n");
                say("share " + share.number() + ": " + file);
            }
        } finally {
            Arrays.fill(text, '\0');
        }
    }

    private void say(String text) {
        spec.commandLine().getOut().println(text);
    }
}
