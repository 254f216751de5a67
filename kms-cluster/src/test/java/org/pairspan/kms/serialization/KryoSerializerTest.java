package org.pairspan.kms.serialization;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.fail;

import com.esotericsoftware.kryo.Kryo;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.NotSerializableException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.pairspan.kms.association.AssociationEvent;
import org.pairspan.kms.association.AssociationState;
import org.pairspan.kms.association.Demand;
import org.pairspan.kms.association.Generation;
import org.pairspan.kms.cluster.ClusterMessage;
import org.pairspan.kms.cluster.EntityTestKit;
import org.pairspan.kms.delivery.HeldKey;
import org.pairspan.kms.delivery.HeldKeys;
import org.pairspan.kms.delivery.KeyId;
import org.pairspan.kms.delivery.NamedKey;
import org.pairspan.kms.delivery.Recipient;
import org.pairspan.kms.directory.Directory;
import org.pairspan.kms.directory.MemberEntry;
import org.pairspan.kms.directory.Revocation;
import org.pairspan.kms.enrolment.EnrolmentToken;
import org.pairspan.kms.pairkey.PairId;
import org.pairspan.kms.pairkey.PairKey;
import org.pairspan.kms.pairkey.PairKeyEvent;
import org.pairspan.kms.pairkey.PairKeyState;
import org.pairspan.kms.policy.keeping.KeyPolicy;
import org.pairspan.kms.policy.keeping.PolicyVersion;
import org.pairspan.kms.presence.Handout;
import org.pairspan.kms.presence.Push;
import org.pairspan.kms.sealing.SealedKey;
import org.pairspan.kms.update.KeyUpdateEvent;
import org.pairspan.kms.update.UpdateJob;
import org.pairspan.kms.update.UpdatePlan;
import org.pairspan.protocol.address.IpPrefix;

class KryoSerializerTest {

    private static final ActorTestKit TEST_KIT = ActorTestKit.create(EntityTestKit.config());
    private static final KryoSerializer SERIALIZER = new KryoSerializer((ExtendedActorSystem) Adapter.toClassic(TEST_KIT.system()));
    private static final PairId PAIR = PairId.of("site-a", "site-b");
    private static final SealedKey SEALED = new SealedKey(new byte[] {1, 2, 3});
    private static final NamedKey HELD = new NamedKey(new KeyId(1, -2), SEALED);
    private static final MemberEntry ENTRY = new MemberEntry("site-a", 7, List.of(IpPrefix.parse("10.1.0.0/16"), IpPrefix.parse("fd00::/8")),
            new InetSocketAddress(address(), 4500), List.of(1, 3));

    private static final Generation GENERATION = new Generation(PAIR, 300, 2, 2, 11L, 22L);
    private static final UpdateJob JOB = new UpdateJob(1, UpdateJob.MEMBER, "site-a", 1_000, "site-a~site-b", 2, 1, false);

    @AfterAll
    static void stop() {
        TEST_KIT.shutdownTestKit();
    }

    /** What is in a journal must stay readable for ever: these bytes never change. */
    static Stream<Object[]> journal() {
        return Stream.of(
                new Object[] {new Directory.MemberRegistered(ENTRY), "70011904c00002019411736974652de10e17021a040a010000101a10"
                        + "fd00000000000000000000000000000008170202020206"},
                new Object[] {new Directory.Snapshot(7, List.of(ENTRY)), "710e1701681904c00002019411736974652de10e17021a040a010000101a10"
                        + "fd00000000000000000000000000000008170202020206"},
                new Object[] {new PairKey.KeyCreated(PAIR, 1, SEALED), "7a01736974652de2736974652de1010401020302"},
                new Object[] {new PolicyVersion(3, 1_000, "alice", "why", "key-policy {}"), "98017768f906616c6963e56b65792d706f6c696379207bfdd00f"},
                new Object[] {new KeyPolicy.Kept(List.of(new PolicyVersion(3, 1_000, "alice", "why", "key-policy {}"))),
                    "9901170198017768f906616c6963e56b65792d706f6c696379207bfdd00f"},
                new Object[] {new PairKeyEvent.Prepared(PAIR, 2, SEALED), "7b01736974652de2736974652de1010401020304"},
                new Object[] {new PairKeyEvent.Activated(PAIR, 2), "7c01736974652de2736974652de104"},
                new Object[] {new PairKeyEvent.Retired(PAIR, 1), "7d01736974652de2736974652de102"},
                new Object[] {new PairKeyEvent.Destroyed(PAIR), "7e01736974652de2736974652de1"},
                new Object[] {new PairKeyState(2, 3, false, List.of(new PairKeyState.Version(2, SEALED))),
                    "7f04000617018001040104010203"},
                new Object[] {new Revocation("site-a", 7, "stolen", 1_000), "8101d00f736974652de10e73746f6c65ee"},
                new Object[] {new Directory.FullSnapshot(7, List.of(ENTRY), List.of(new Revocation("site-a", 7, "stolen", 1_000))),
                    "82010e1701681904c00002019411736974652de10e17021a040a010000101a10fd000000000000000000000000"
                            + "0000000817020202020617018101d00f736974652de10e73746f6c65ee"},
                new Object[] {new AssociationEvent.Prepared(GENERATION), "850101012c040116d80401736974652de2736974652de104"},
                new Object[] {new AssociationEvent.Activated(2, 1_000), "8601d00f04"},
                new Object[] {new AssociationEvent.RolledBack(2), "870104"},
                new Object[] {new AssociationEvent.Retired(1), "880102"},
                new Object[] {new AssociationState(GENERATION, 300, 1, 1_000, new AssociationState.Update(GENERATION, 1, true)),
                    "890102d80401012c040116d80401736974652de2736974652de104010101012c040116d80401736974652de273"
                            + "6974652de10402d00f"},
                new Object[] {new KeyUpdateEvent.JobStarted(JOB), "8c010100736974652d617e736974652de202020404736974652de1d00f"},
                new Object[] {new KeyUpdateEvent.PairsOpened(1, List.of("site-a~site-b"), "site-a~site-b", true),
                    "8d01736974652d617e736974652de20201170103736974652d617e736974652de2"},
                new Object[] {new KeyUpdateEvent.PairClosed(1, "site-a~site-b"), "830102736974652d617e736974652de2"},
                new Object[] {new KeyUpdateEvent.JobEnded(1), "ea0102"},
                new Object[] {new UpdatePlan.Snapshot(1, List.of(JOB), List.of("site-a~site-b"), List.of(1L)),
                    "eb0117018b0100736974652d617e736974652de202020404736974652de1d00f0217010902170103736974652d"
                            + "617e736974652de2"},
                new Object[] {new Generation(PAIR, 300, 1, 2, -1L, null), "840100020101d80401736974652de2736974652de104"},
                new Object[] {new HeldKeys.KeysStored(List.of("b", "c"), List.of(HELD), 300),
                    "ba011701b70101020301040102031702038262038263d804"},
                new Object[] {new HeldKeys.KeysTaken("b", List.of(HELD.id()), 300), "bb011701b60102038262d804"},
                new Object[] {new HeldKeys.KeysDestroyed(300), "bc01d804"},
                new Object[] {new HeldKeys.Snapshot(List.of(new HeldKey(HELD, List.of(new Recipient("b", true, 300))))),
                    "bd011701b9010101020301040102031701b801018262d804"});
    }

    @ParameterizedTest
    @MethodSource("journal")
    void journalEventsKeepTheirBytes(Object event, String hex) throws NotSerializableException {
        assertEquals(hex, HexFormat.of().formatHex(SERIALIZER.toBinary(event)));
        assertEquals(event, SERIALIZER.fromBinary(HexFormat.of().parseHex(hex), "1"));
    }

    /** Arrays in them are not equal to their copies, so what is read is written again. */
    @ParameterizedTest
    @MethodSource("tokens")
    void eventsOfEnrolmentTokensKeepTheirBytes(Object event, String hex) throws NotSerializableException {
        assertEquals(hex, HexFormat.of().formatHex(SERIALIZER.toBinary(event)));
        assertEquals(hex, HexFormat.of().formatHex(SERIALIZER.toBinary(SERIALIZER.fromBinary(HexFormat.of().parseHex(hex), "1"))));
    }

    static Stream<Object[]> tokens() {
        return Stream.of(
                new Object[] {new EnrolmentToken.TokenIssued("site-a", List.of(IpPrefix.parse("10.1.0.0/16")), 1_000), "ac01d00f736974652de117011a040a01000010"},
                new Object[] {new EnrolmentToken.TokenBound(new byte[] {1, 2, 3}), "ad0104010203"},
                new Object[] {new EnrolmentToken.TokenUsed(List.of(new byte[] {7, 7}, new byte[] {8})), "ae01170216030707160208"});
    }

    @Test
    void messagesWithReferencesArriveAsTheyLeft() throws NotSerializableException {
        TestProbe<Push.Outcome> probe = TEST_KIT.createTestProbe();
        Push push = new Push(-5, new Handout(PAIR, 1, ENTRY, SEALED, 1, Long.MAX_VALUE, 2), probe.ref());
        assertEquals(push, SERIALIZER.fromBinary(SERIALIZER.toBinary(push), "1"));
        Demand demand = new Demand(PAIR, "site-a", Long.MIN_VALUE, null, 3, 1, List.of(3, 1), null);
        assertEquals(demand, SERIALIZER.fromBinary(SERIALIZER.toBinary(demand), "1"));
    }

    @Test
    void everyMessageOfTheClusterHasItsNumber() {
        Kryo kryo = KryoRegistry.create(ActorRefResolver.get(TEST_KIT.system()));
        for (JavaClass type : new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("org.pairspan.kms")) {
            if (type.isAssignableTo(ClusterMessage.class) && !type.isInterface()) {
                kryo.getRegistration(type.reflect());
            }
        }
    }

    @Test
    void aClassWithoutANumberIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> SERIALIZER.toBinary(new StringBuilder("x")));
    }

    @Test
    void anotherFormatIsRefused() {
        byte[] bytes = SERIALIZER.toBinary(new Directory.NotFound());
        assertThrows(NotSerializableException.class, () -> SERIALIZER.fromBinary(bytes, "2"));
    }

    @Test
    void damagedBytesAreRefusedAndNothingElseHappens() {
        Random random = new Random(1);
        byte[] good = SERIALIZER.toBinary(new Directory.Snapshot(7, List.of(ENTRY)));
        for (int i = 0; i < 2_000; i++) {
            byte[] bad = Arrays.copyOf(good, random.nextInt(good.length));
            for (int j = 0; j < bad.length; j++) {
                if (random.nextInt(8) == 0) {
                    bad[j] = (byte) random.nextInt();
                }
            }
            try {
                SERIALIZER.fromBinary(bad, "1");
                fail("read what was cut short: " + HexFormat.of().formatHex(bad));
            } catch (NotSerializableException expected) {
                assertEquals(NotSerializableException.class, expected.getClass());
            }
        }
    }

    private static InetAddress address() {
        try {
            return InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 1});
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }
}
