package org.pairspan.kms.enrolment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.persistence.testkit.javadsl.EventSourcedBehaviorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pairspan.kms.cluster.EntityTestKit;
import org.pairspan.kms.endpoint.SourceNetwork;
import org.pairspan.kms.enrolment.EnrolmentToken.Completed;
import org.pairspan.kms.enrolment.EnrolmentToken.Issued;
import org.pairspan.kms.enrolment.EnrolmentToken.Redeemable;
import org.pairspan.kms.enrolment.EnrolmentToken.Refused;
import org.pairspan.kms.enrolment.EnrolmentToken.Reply;
import org.pairspan.protocol.address.IpPrefix;

class EnrolmentTokenTest {

    private static final ActorTestKit TEST_KIT = ActorTestKit.create(EntityTestKit.config());
    private static final List<IpPrefix> PREFIXES = List.of(IpPrefix.parse("10.1.0.0/16"));
    private static final byte[] KEY = {1};
    private static final byte[] OTHER_KEY = {2};
    private static final List<byte[]> CHAIN = List.of(new byte[] {7, 7}, new byte[] {8});

    private static final TokenMark MARK = new TokenMark(new byte[TokenMark.KEY_LENGTH]);

    private Instant now = Instant.parse("2026-01-02T03:04:05Z");
    private EventSourcedBehaviorTestKit<EnrolmentToken.Command, EnrolmentToken.Event, EnrolmentToken.Ledger> token;

    @AfterAll
    static void stop() {
        TEST_KIT.shutdownTestKit();
    }

    @BeforeEach
    void create() {
        token = EventSourcedBehaviorTestKit.create(TEST_KIT.system(),
                EnrolmentToken.create(TokenSecret.random(new SecureRandom(), MARK).hash(), () -> now), EventSourcedBehaviorTestKit.disabledSerializationSettings());
    }

    @Test
    void aTokenServesOneKeyAndBringsThatKeyTheSameCertificateAgain() {
        issue();
        assertEquals(PREFIXES, assertInstanceOf(Redeemable.class, redeem("site-a", KEY)).prefixes());
        assertInstanceOf(Redeemable.class, redeem("site-a", KEY), "the answer was lost before the certificate was made");
        assertInstanceOf(Refused.class, redeem("site-a", OTHER_KEY));
        assertInstanceOf(Completed.class, complete(KEY));
        token.restart();
        assertArrayEquals(CHAIN.getFirst(), assertInstanceOf(Completed.class, redeem("site-a", KEY)).chain().getFirst());
        assertInstanceOf(Refused.class, redeem("site-a", OTHER_KEY));
        assertInstanceOf(Refused.class, complete(OTHER_KEY));
    }

    @Test
    void anUnknownOrExpiredTokenOrOneOfAnotherMemberServesNobody() {
        assertTrue(assertInstanceOf(Refused.class, redeem("site-a", KEY)).why().contains("unknown"));
        issue();
        assertTrue(assertInstanceOf(Refused.class, redeem("site-b", KEY)).why().contains("another member"));
        now = now.plusSeconds(60);
        assertTrue(assertInstanceOf(Refused.class, redeem("site-a", KEY)).why().contains("expired"));
        assertInstanceOf(Refused.class, complete(KEY));
    }

    @Test
    void aSecretIsShownOnceAndStoredNowhere() {
        TokenSecret secret = TokenSecret.random(new SecureRandom(), MARK);
        assertTrue(secret.text("site-a").matches("site-a:[A-Za-z0-9_-]{43}"));
        assertFalse(secret.toString().contains(secret.text("")));
        assertFalse(secret.hash().equals(TokenSecret.random(new SecureRandom(), MARK).hash()));
    }

    @Test
    void allAddressesOfAnIpv6NetworkAreOne() throws Exception {
        assertEquals("2001:db8:1:2:0:0:0:0/64", SourceNetwork.of(InetAddress.getByName("2001:db8:1:2:aaaa::1")));
        assertEquals("2001:db8:1:2:0:0:0:0/64", SourceNetwork.of(InetAddress.getByName("2001:db8:1:2::1")));
        assertEquals("2001:db8:1:3:0:0:0:0/64", SourceNetwork.of(InetAddress.getByName("2001:db8:1:3::1")));
        assertEquals("192.0.2.1", SourceNetwork.of(InetAddress.getByName("192.0.2.1")));
    }

    @Test
    void aMadeUpTokenIsKnownAsSuchWithoutALook() {
        TokenMark other = new TokenMark(HexFormat.of().parseHex("01".repeat(TokenMark.KEY_LENGTH)));
        byte[] token = TokenSecret.random(new SecureRandom(), MARK).bytes();
        assertTrue(MARK.isOn(token));
        assertFalse(other.isOn(token));
        assertFalse(MARK.isOn(new byte[TokenSecret.LENGTH]));
        assertFalse(MARK.isOn(new byte[0]));
        assertFalse(MARK.isOn(new byte[TokenSecret.LENGTH + 1]));
        for (int i = 0; i < token.length; i++) {
            byte[] changed = token.clone();
            changed[i] ^= 1;
            assertFalse(MARK.isOn(changed), "byte " + i);
        }
    }

    private void issue() {
        assertInstanceOf(Issued.class, token.<Reply>runCommand(
                replyTo -> new EnrolmentToken.Issue("site-a", PREFIXES, now.plusSeconds(60).toEpochMilli(), replyTo)).reply());
    }

    private Reply redeem(String member, byte[] key) {
        return token.<Reply>runCommand(replyTo -> new EnrolmentToken.Redeem(member, key, replyTo)).reply();
    }

    private Reply complete(byte[] key) {
        return token.<Reply>runCommand(replyTo -> new EnrolmentToken.Complete(key, CHAIN, replyTo)).reply();
    }
}
