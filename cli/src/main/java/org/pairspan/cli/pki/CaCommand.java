package org.pairspan.cli.pki;

import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import org.pairspan.runtime.certificate.KeyKind;
import org.pairspan.runtime.pki.CertificateAuthority;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Makes the authority. */
@Command(name = "ca",
    description = "Makes a certificate authority: ca.crt, which every program trusts, and ca.key, which signs.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
        "  pairspan pki ca --dir pki",
        "  pairspan pki ca --dir pki --key ecdsa-p256 --name \"Example Bank\" --valid 3650d"})
final class CaCommand implements Callable<Integer> {
    @Option(names = "--dir", paramLabel = "DIR", defaultValue = "pki", description = "folder for the files, created when needed (default: ${DEFAULT-VALUE})")
    private Path directory;

    @Option(names = "--name", defaultValue = "Pairspan authority", description = "common name of the certificate (default: ${DEFAULT-VALUE})")
    private String name;

    @Option(names = "--key", paramLabel = "KIND", defaultValue = "sm2", converter = KeyKindConverter.class, completionCandidates = KeyKindConverter.Words.class,
        description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
    private KeyKind kind;

    @Option(names = "--valid", paramLabel = "TIME", defaultValue = "3650d", converter = ValidityConverter.class,
        description = "how long it is valid, in days (d) or hours (h) (default: ${DEFAULT-VALUE})")
    private Validity validity;

    @Option(names = "--path-length", paramLabel = "N", defaultValue = "0",
        description = "how many authorities may stand between it and a certificate; 1 for key servers that enrol members by an authority of their own, "
            + "'pairspan pki authority' (default: ${DEFAULT-VALUE})")
    private int pathLength;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        if (pathLength < 0 || pathLength > 2) {
            throw new ParameterException(spec.commandLine(), "--path-length must be 0 to 2");
        }
        CertificateAuthority.create(name, kind, validity.duration(), pathLength, Clock.systemUTC()).own().write(directory, PkiFolder.AUTHORITY);
        spec.commandLine().getOut().println("authority (" + kind + "): " + directory.resolve("ca.crt") + ", key " + directory.resolve("ca.key")
            + ". Keep the key off line.");
        return 0;
    }
}
