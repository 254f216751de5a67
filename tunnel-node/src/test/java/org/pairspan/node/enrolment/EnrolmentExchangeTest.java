package org.pairspan.node.enrolment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.pairspan.protocol.address.IpPrefix;
import org.pairspan.protocol.keyservice.CertificateChain;
import org.pairspan.protocol.keyservice.EnrolmentAnswer;
import org.pairspan.protocol.keyservice.EnrolmentRefusal;
import org.pairspan.protocol.keyservice.FrameCodec;
import org.pairspan.runtime.certificate.KeyKind;
import org.pairspan.runtime.identity.Identity;
import org.pairspan.runtime.identity.Role;
import org.pairspan.runtime.pki.CertificateAuthority;

class EnrolmentExchangeTest {
    private static final KeyKind KIND = KeyKind.ECDSA_P256;
    private static final Duration DAY = Duration.ofDays(1);

    private final KeyPair pair = KIND.generate(new SecureRandom());
    private final CertificateAuthority root = CertificateAuthority.create("Root", KIND, DAY.multipliedBy(9), 1, Clock.systemUTC());
    private final CertificateAuthority below = root.issueMemberAuthority("Enrolment", KIND, List.of(), DAY.multipliedBy(5));
    private final EnrolmentExchange exchange =
        new EnrolmentExchange(new Identity(Role.MEMBER, "site-a"), KIND, pair, List.of(root.own().certificate()));
    private final Instant now = Instant.now();

    private List<X509Certificate> issued(String id, KeyPair key) {
        List<X509Certificate> chain = new ArrayList<>(List.of(below.issueMember(id, key.getPublic(), List.of(IpPrefix.parse("10.1.0.0/16")), DAY)));
        chain.addAll(below.intermediates());
        return chain;
    }

    private static byte[] frame(List<ByteString> certificates) {
        return FrameCodec.encode(EnrolmentAnswer.newBuilder().setCertificate(CertificateChain.newBuilder().addAllCertificates(certificates)).build());
    }

    private static List<ByteString> encoded(List<X509Certificate> chain) throws Exception {
        List<ByteString> certificates = new ArrayList<>();
        for (X509Certificate certificate : chain) {
            certificates.add(ByteString.copyFrom(certificate.getEncoded()));
        }
        return certificates;
    }

    private List<X509Certificate> read(byte[] frame) throws IOException, RefusedException {
        return exchange.read(new ByteArrayInputStream(frame), now);
    }

    @Test
    void aCertificateForThisIdentityAndThisKeyIsTakenAndNoOther() throws Exception {
        List<X509Certificate> chain = issued("site-a", pair);
        assertEquals(chain, read(frame(encoded(chain))));
        byte[] ofAnother = frame(encoded(issued("site-b", pair)));
        assertThrows(IOException.class, () -> read(ofAnother));
        byte[] forAnotherKey = frame(encoded(issued("site-a", KIND.generate(new SecureRandom()))));
        assertThrows(IOException.class, () -> read(forAnotherKey));
        byte[] withoutItsAuthority = frame(encoded(chain.subList(0, 1)));
        assertThrows(IOException.class, () -> read(withoutItsAuthority));
    }

    @Test
    void aRefusalIsFinalUnlessItSaysToAskAgain() {
        byte[] refusal = FrameCodec.encode(EnrolmentAnswer.newBuilder().setRefusal(EnrolmentRefusal.getDefaultInstance()).build());
        assertThrows(RefusedException.class, () -> read(refusal));
        byte[] later = FrameCodec.encode(
            EnrolmentAnswer.newBuilder().setRefusal(EnrolmentRefusal.newBuilder().setAskAgain(true)).build());
        assertThrows(IOException.class, () -> read(later));
    }

    @Test
    void aCertificateWithNothingInItIsNotBelievedAndTheNextServerCanBeAsked() throws Exception {
        List<ByteString> certificates = encoded(issued("site-a", pair));
        byte[] nothing = frame(List.of(ByteString.EMPTY));
        assertTrue(assertThrows(IOException.class, () -> read(nothing)).getMessage().contains("nothing in it"));
        byte[] nothingAbove = frame(List.of(certificates.getFirst(), ByteString.EMPTY));
        assertTrue(assertThrows(IOException.class, () -> read(nothingAbove)).getMessage().contains("nothing in it"));
        byte[] tooMany = frame(List.of(certificates.getFirst(), certificates.getLast(), certificates.getLast(), certificates.getLast(),
            certificates.getLast()));
        assertTrue(assertThrows(IOException.class, () -> read(tooMany)).getMessage().contains("5 certificates"));
    }

    @Test
    void damageIsAnAnswerNotToBelieveWhereverItIs() throws Exception {
        List<X509Certificate> chain = issued("site-a", pair);
        byte[] good = frame(encoded(chain));
        long seed = new SecureRandom().nextLong();
        System.out.println("EnrolmentExchangeTest: seed " + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 3_000; i++) {
            byte[] bad = good.clone();
            bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
            try {
                // Some fields are of no meaning; but whose and for which key it is can't have been changed.
                assertEquals(chain.getFirst(), read(bad).getFirst(), "seed " + seed);
            } catch (IOException | RefusedException e) {
                assertNotNull(e.getMessage(), "seed " + seed);
            }
        }
    }
}
