package org.pairspan.cli.ctl;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.pairspan.kms.audit.chain.LogReport;
import org.pairspan.kms.audit.chain.LogVerifier;
import org.pairspan.runtime.certificate.KeyFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Verifies audit logs. */
@Command(name = "verify",
    description = "Checks every record of a key server's audit log: its hash, its number, its place in the chain, and the signatures of checkpoints. "
        + "Exit code 0 when the chain is whole, 1 when it is not, or when certificates are given and nothing is signed.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
        "  pairspan ctl audit verify audit-kms-1.jsonl",
        "  pairspan ctl audit verify audit-kms-1.jsonl* --certificate ca.crt"})
final class AuditVerifyCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", arity = "1..*", description = "the log's files, in any order: the one that is written and full ones")
    private List<Path> files;

    @Option(names = "--certificate", paramLabel = "FILE",
        description = "certificates to trust, in PEM: the key server's own, or its authority's (default: those in the log, which proves nothing about who wrote it)")
    private final List<Path> certificates = new ArrayList<>();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        List<X509Certificate> trusted = new ArrayList<>();
        certificates.forEach(file -> trusted.addAll(KeyFiles.certificates("--certificate", file)));
        LogReport report = new LogVerifier(trusted).verify(files);
        PrintWriter out = spec.commandLine().getOut();
        if (report.fault().isPresent()) {
            LogReport.Fault fault = report.fault().get();
            out.println("BROKEN at " + fault.file() + ", line " + fault.line() + ": " + fault.why());
            out.println(report.records() == 0 ? "no record before it" : "whole before it: " + summary(report));
            return 1;
        }
        if (report.records() == 0) {
            out.println("no record");
            return 1;
        }
        out.println(summary(report) + ", chain whole");
        out.println("chain " + report.chain() + ", last hash " + report.lastHash());
        out.println(report.signedUpTo() == 0 ? "no record is signed: this proves nothing" : "signed up to record " + report.signedUpTo() + " at "
            + report.lastSigned() + "; " + (report.lastSequence() - report.signedUpTo()) + " records after it");
        out.println("starts of the server: " + report.starts() + "; remains of unanswered records taken away: " + report.cuts());
        if (report.firstSequence() > 1) {
            out.println("the chain began before these files, at record 1");
        }
        if (trusted.isEmpty()) {
            out.println("signatures were checked with the certificates in the log; --certificate ca.crt tells whether they are the key server's");
        }
        // Whoever owns the file can make a chain that fits; only a signature says that the server made it.
        return report.signedUpTo() == 0 && !trusted.isEmpty() ? 1 : 0;
    }

    private static String summary(LogReport report) {
        return report.records() + " records of server " + report.server() + ", " + report.firstSequence() + " to " + report.lastSequence()
            + ", from " + report.from() + " to " + report.to();
    }
}
