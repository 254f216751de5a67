package org.pairspan.cli.lab;

import org.pairspan.kms.sealing.MasterKey;
import org.pairspan.protocol.address.IpPrefix;
import org.pairspan.runtime.certificate.KeyKind;
import org.pairspan.runtime.pki.CertificateAuthority;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** The laboratory's authority, the certificates it issues and the key servers' master key, as files of one folder. */
public final class LabPki {

    private static final String AUTHORITY = "ca";
    private static final Duration VALIDITY = Duration.ofDays(30);
    private static final Duration AUTHORITY_VALIDITY = VALIDITY.plusDays(1);

    private final Path folder;
    private final KeyKind kind;
    private final CertificateAuthority authority;

    /** Makes the authority and the master key in a folder that has neither yet. */
    public LabPki(Path folder, KeyKind kind) throws IOException {
        this.folder = Files.createDirectories(folder);
        this.kind = kind;
        this.authority = CertificateAuthority.create("Pairspan laboratory", kind, AUTHORITY_VALIDITY, Clock.systemUTC());
        authority.own().write(folder, AUTHORITY);
        MasterKey.create(masterKey());
    }

    /** Issues a key server's certificate. */
    public void issueKms(String id) throws IOException {
        authority.issueKms(id, kind, VALIDITY).write(folder, id);
    }

    /** The same, for clients that compare the host. */
    public void issueKms(String id, String host) throws IOException {
        authority.issueKms(id, kind, List.of(host), VALIDITY).write(folder, id);
    }

    /** Issues a member's certificate with the prefixes it may register. */
    public void issueMember(String id, List<String> prefixes) throws IOException {
        authority.issueMember(id, kind, prefixes.stream().map(IpPrefix::parse).toList(), VALIDITY).write(folder, id);
    }

    /** Where all of it is. */
    public Path folder() {
        return folder;
    }

    /** The certificate of the authority, PEM. */
    public Path authority() {
        return folder.resolve(AUTHORITY + ".crt");
    }

    Path authorityKey() {
        return folder.resolve(AUTHORITY + ".key");
    }

    /** The certificate of a member or key server, PEM. */
    public Path certificate(String id) {
        return folder.resolve(id + ".crt");
    }

    /** Its private key, PEM. */
    public Path privateKey(String id) {
        return folder.resolve(id + ".key");
    }

    /** The master key that all key servers share. */
    public Path masterKey() {
        return folder.resolve("master.key");
    }
}
