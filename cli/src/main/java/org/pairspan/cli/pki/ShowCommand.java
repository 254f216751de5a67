package org.pairspan.cli.pki;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import org.pairspan.protocol.address.IpPrefix;
import org.pairspan.runtime.certificate.KeyFiles;
import org.pairspan.runtime.certificate.KeyKind;
import org.pairspan.runtime.identity.GrantedPrefixes;
import org.pairspan.runtime.identity.Identity;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows what a certificate says. */
@Command(name = "show",
    description = "Shows what the certificates in a file say, in Pairspan's words.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExample:%n",
    footer = "  pairspan pki show pki/site-a.crt")
final class ShowCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "certificates in PEM")
    private Path file;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        for (X509Certificate certificate : KeyFiles.certificates("FILE", file)) {
            out.println("identity     " + identity(certificate));
            out.println("prefixes     " + prefixes(certificate));
            out.println("key          " + KeyKind.of(certificate.getPublicKey()).map(KeyKind::word)
                .orElse(certificate.getPublicKey().getAlgorithm() + ", which Pairspan does not use"));
            out.println("subject      " + certificate.getSubjectX500Principal());
            out.println("issuer       " + certificate.getIssuerX500Principal());
            out.println("valid        " + certificate.getNotBefore().toInstant() + " to " + certificate.getNotAfter().toInstant());
            out.println("serial       " + certificate.getSerialNumber().toString(16));
            out.println("fingerprint  sha256:" + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded())));
        }
        return 0;
    }

    private static String identity(X509Certificate certificate) {
        if (certificate.getBasicConstraints() >= 0) {
            return "an authority";
        }
        try {
            return Identity.of(certificate).toString();
        } catch (CertificateException e) {
            return "none: " + e.getMessage();
        }
    }

    private static String prefixes(X509Certificate certificate) {
        try {
            List<IpPrefix> prefixes = GrantedPrefixes.of(certificate);
            return prefixes.isEmpty() ? "none" : String.join(", ", prefixes.stream().map(IpPrefix::toString).toList());
        } catch (CertificateException e) {
            return "unusable: " + e.getMessage();
        }
    }
}
