package org.pairspan.kms.audit.chain;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.pairspan.runtime.certificate.BouncyCastle;
import org.pairspan.runtime.identity.Identity;
import org.pairspan.runtime.identity.Role;

/** Verifies an audit log, whole or in part, without the server that wrote it. Bounded in memory. */
public final class LogVerifier {

    private final List<X509Certificate> trusted;

    /** @param trusted certificates of key servers, or of the authority that issued them; empty to believe what the log itself says */
    public LogVerifier(List<X509Certificate> trusted) {
        this.trusted = List.copyOf(trusted);
    }

    /**
     * Reads the files up to the first bad place.
     *
     * @param files of one chain, in any order
     * @throws IOException where one cannot be read
     */
    public LogReport verify(List<Path> files) throws IOException {
        ChainCheck check = new ChainCheck();
        LogReport.Builder report = new LogReport.Builder();
        for (Path file : inOrder(files)) {
            try (InputStream in = Files.newInputStream(file)) {
                Optional<String> fault = verify(new LineReader(in), check, report, file);
                if (fault.isPresent()) {
                    break;
                }
            }
        }
        return report.build(check);
    }

    private Optional<String> verify(LineReader reader, ChainCheck check, LogReport.Builder report, Path file) throws IOException {
        long line = 1;
        try {
            for (byte[] bytes = reader.next(); bytes != null; bytes = reader.next()) {
                LogLine record = LineFormat.read(bytes);
                Optional<String> fault = check.accept(record).or(() -> distrusted(record, check));
                if (fault.isPresent()) {
                    report.fault(file, line, "record " + record.sequence() + ": " + fault.get());
                    return fault;
                }
                report.add(record);
                line++;
            }
            return Optional.empty();
        } catch (MalformedLineException e) {
            report.fault(file, line, e.getMessage());
            return Optional.of(e.getMessage());
        }
    }

    /** Why the certificate of an opening record is not to be believed. */
    private Optional<String> distrusted(LogLine line, ChainCheck check) {
        if (!line.isOpening()) {
            return Optional.empty();
        }
        X509Certificate signer = check.signer();
        try {
            Identity identity = Identity.of(signer);
            if (identity.role() != Role.KMS || !identity.id().equals(check.server())) {
                return Optional.of("its certificate is that of " + identity + ", not of the key server " + check.server());
            }
        } catch (CertificateException e) {
            return Optional.of("its certificate names no key server: " + e.getMessage());
        }
        return trusted.isEmpty() || trusted.stream().anyMatch(one -> one.equals(signer) || issued(one, signer)) ? Optional.empty()
                : Optional.of("its certificate, serial " + HexFormat.of().formatHex(signer.getSerialNumber().toByteArray())
                        + ", is none of those given, nor issued by one of them");
    }

    private static boolean issued(X509Certificate authority, X509Certificate certificate) {
        try {
            certificate.verify(authority.getPublicKey(), BouncyCastle.PROVIDER);
            return authority.getBasicConstraints() >= 0;
        } catch (GeneralSecurityException e) {
            // Another authority's.
            return false;
        }
    }

    private static List<Path> inOrder(List<Path> files) throws IOException {
        record First(Path file, long sequence) {
        }
        List<First> firsts = new ArrayList<>();
        for (Path file : files) {
            firsts.add(new First(file, firstSequence(file)));
        }
        return firsts.stream().sorted(Comparator.comparingLong(First::sequence)).map(First::file).toList();
    }

    private static long firstSequence(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] line = new LineReader(in).next();
            return line == null ? Long.MAX_VALUE : LineFormat.read(line).sequence();
        } catch (MalformedLineException e) {
            // It comes first, and is where verification ends.
            return 0;
        }
    }
}
