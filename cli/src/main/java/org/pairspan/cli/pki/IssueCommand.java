package org.pairspan.cli.pki;

import java.util.concurrent.Callable;
import org.pairspan.runtime.certificate.KeyKind;
import org.pairspan.runtime.pki.CertificateAuthority;
import org.pairspan.runtime.pki.IssuedCertificate;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Issues one certificate below {@code ca.crt}, and writes it and its key to files that are named after it. */
abstract class IssueCommand implements Callable<Integer> {
    @Parameters(paramLabel = "ID", converter = IdConverter.class, description = "who it is for, and the name of its files: a-z 0-9 . -, at most 63 characters")
    private String id;

    @Mixin
    private PkiFolder folder;

    @Spec
    private CommandSpec spec;

    /** Issues it; an {@link IllegalArgumentException} is wrong usage. */
    abstract IssuedCertificate issue(CertificateAuthority authority, String id, KeyKind kind, Validity validity);

    /** What is told of it before the names of its files. */
    abstract String described(String id, KeyKind kind);

    @Override
    public Integer call() throws Exception {
        CertificateAuthority authority = folder.authority();
        KeyKind kind = folder.kind(authority);
        IssuedCertificate issued;
        try {
            issued = issue(authority, id, kind, folder.validity());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
        spec.commandLine().getOut().println(described(id, kind) + ": " + folder.write(issued, id));
        return 0;
    }
}
