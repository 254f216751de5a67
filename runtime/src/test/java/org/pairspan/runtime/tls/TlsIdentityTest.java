package org.pairspan.runtime.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pairspan.runtime.certificate.KeyKind;
import org.pairspan.runtime.config.ConfigurationException;
import org.pairspan.runtime.config.Settings;
import org.pairspan.runtime.identity.Identity;
import org.pairspan.runtime.identity.Role;

class TlsIdentityTest {
    @TempDir
    Path folder;

    private TestPki pki;

    @BeforeEach
    void issue() throws IOException {
        pki = new TestPki(folder, KeyKind.SM2);
        pki.member("site-a", KeyKind.SM2);
        pki.member("site-b", KeyKind.SM2);
    }

    @Test
    void whatBelongsTogetherIsLoadedAndNothingOfTheKeyIsPrinted() {
        TlsIdentity identity = load("site-a.crt", "site-a.key", "ca.crt");
        assertEquals(new Identity(Role.MEMBER, "site-a"), identity.identity());
        assertEquals(KeyKind.SM2, identity.keyKind());
        assertEquals("member site-a (sm2)", identity.toString());
    }

    @Test
    void aKeyThatOthersCanReadIsRefusedWithTheRemedy() throws IOException {
        Files.setPosixFilePermissions(pki.file("site-a.key"), PosixFilePermissions.fromString("rw-r-----"));
        ConfigurationException failure = refused("site-a.crt", "site-a.key", "ca.crt");
        assertEquals("private-key", failure.name());
        assertEquals("chmod 600 " + pki.file("site-a.key"), failure.remedy());
    }

    @Test
    void theKeyOfAnotherCertificateIsRefused() {
        assertEquals("private-key", refused("site-a.crt", "site-b.key", "ca.crt").name());
    }

    @Test
    void aKeyOfAnotherKindIsRefused() throws IOException {
        TestPki other = new TestPki(folder.resolve("other"), KeyKind.ECDSA_P384);
        other.member("site-a", KeyKind.ECDSA_P384);
        assertEquals("private-key", refused("site-a.crt", "other/site-a.key", "ca.crt").name());
    }

    @Test
    void aCertificateOfAnotherAuthorityIsRefused() throws IOException {
        new TestPki(folder.resolve("other"), KeyKind.SM2);
        assertEquals("certificate", refused("site-a.crt", "site-a.key", "other/ca.crt").name());
    }

    @Test
    void theAuthoritysOwnCertificateIsNobodysIdentity() {
        assertTrue(refused("ca.crt", "ca.key", "ca.crt").rule().contains("nobody's identity"));
    }

    @Test
    void anExpiredCertificateIsRefused() throws IOException {
        TestPki past = new TestPki(folder.resolve("past"), KeyKind.SM2, TestPki.clockBefore(Duration.ofDays(30)));
        past.member("site-a", KeyKind.SM2);
        assertTrue(refused("past/site-a.crt", "past/site-a.key", "past/ca.crt").rule().contains("expired"));
    }

    @Test
    void aFileThatIsMissingOrHoldsSomethingElseIsNamed() throws IOException {
        assertEquals("certificate", refused("none.crt", "site-a.key", "ca.crt").name());
        assertEquals("authority", refused("site-a.crt", "site-a.key", "site-a.key").name());
        Files.writeString(pki.file("site-a.key"), "no PEM");
        assertEquals("private-key", refused("site-a.crt", "site-a.key", "ca.crt").name());
    }

    @Test
    void theSettingIsNamedWithItsWholePath() throws IOException {
        Path file = Files.writeString(folder.resolve("test.conf"),
            "test.identity { certificate = site-a.crt, private-key = site-b.key, authority = ca.crt }");
        Settings settings = Settings.load(file, "test", "identity-reference.conf", TlsIdentityTest.class);
        assertEquals("test.identity.private-key",
            assertThrows(ConfigurationException.class, () -> TlsIdentity.load(settings.at("identity"))).name());
    }

    @Test
    void noMessageHoldsTheKey() throws IOException {
        String key = Files.readString(pki.file("site-b.key")).lines().skip(1).findFirst().orElseThrow();
        assertFalse(refused("site-a.crt", "site-b.key", "ca.crt").getMessage().contains(key));
    }

    private TlsIdentity load(String certificate, String key, String authority) {
        return TlsIdentity.load(folder.resolve(certificate), folder.resolve(key), folder.resolve(authority));
    }

    private ConfigurationException refused(String certificate, String key, String authority) {
        return assertThrows(ConfigurationException.class, () -> load(certificate, key, authority));
    }
}
