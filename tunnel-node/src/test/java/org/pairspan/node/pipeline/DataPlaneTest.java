package org.pairspan.node.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pairspan.node.bearer.BearerException;
import org.pairspan.node.policy.Rule;
import org.pairspan.node.policy.SecurityPolicy;
import org.pairspan.node.policy.TrafficClass;
import org.pairspan.node.policy.UpperProtocol;
import org.pairspan.protocol.association.SaLifetime;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.wire.DropReason;

class DataPlaneTest {
    private static final int HELD = 16;
    private static final Suite SUITE = Suite.AES_256_GCM;

    private final LoopbackSite a = site(1);
    private final LoopbackSite b = site(2);

    private static LoopbackSite site(int number) {
        return new LoopbackSite(number, freePort(), SaLifetime.DEFAULT, HELD);
    }

    private static int freePort() {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @AfterEach
    void closeSites() {
        a.close();
        b.close();
        assertEquals(0, a.errors.size() + b.errors.size(), () -> "errors: " + a.errors + b.errors);
    }

    private void join(long generation, Suite suite) {
        b.install(a, generation, suite);
        a.install(b, generation, suite);
    }

    @ParameterizedTest
    @EnumSource(Suite.class)
    void packetsOfEveryLengthArriveAsTheyWere(Suite suite) {
        join(1, suite);
        for (int length : new int[] {0, 1, 64, 1338, 1339, 1400, 1500, 9000, 60_000}) {
            byte[] packet = LoopbackSite.packet(1, 2, length, length);
            a.send(packet);
            assertArrayEquals(packet, b.receive(), "length " + length);
        }
    }

    @Test
    void trafficFlowsBothWaysAtOnce() {
        join(1, SUITE);
        a.send(LoopbackSite.packet(1, 2, 1, 0));
        b.receive();
        b.send(LoopbackSite.packet(2, 1, 1, 0));
        a.receive();
        for (int i = 0; i < 200; i++) {
            a.send(LoopbackSite.packet(1, 2, 1000, i));
            b.send(LoopbackSite.packet(2, 1, 1000, i));
        }
        for (int i = 0; i < 200; i++) {
            assertArrayEquals(LoopbackSite.packet(1, 2, 1000, i), b.receive(), "to b, packet " + i);
            assertArrayEquals(LoopbackSite.packet(2, 1, 1000, i), a.receive(), "to a, packet " + i);
        }
    }

    @Test
    void theReliableClassBringsPacketsOfEveryLengthInTheirOrder() {
        SecurityPolicy reliable = LoopbackSite.everything(TrafficClass.RELIABLE);
        try (LoopbackSite c = new LoopbackSite(3, 3, freePort(), SaLifetime.DEFAULT, HELD, reliable);
                LoopbackSite d = new LoopbackSite(4, 4, freePort(), SaLifetime.DEFAULT, HELD, reliable)) {
            d.install(c, 1, SUITE);
            c.install(d, 1, SUITE);
            for (int i = 0; i < 300; i++) {
                byte[] packet = LoopbackSite.packet(3, 4, i % 50 == 0 ? 60_000 : i * 13 % 3000, i);
                c.send(packet);
                d.send(LoopbackSite.packet(4, 3, i, i));
                assertArrayEquals(packet, d.receive(), "packet " + i);
                assertArrayEquals(LoopbackSite.packet(4, 3, i, i), c.receive(), "answer " + i);
            }
        }
    }

    @Test
    void aPolicyHoldsBothWays() {
        SecurityPolicy udpOnly = new SecurityPolicy(List.of(new Rule("udp", Rule.Action.PROTECT, Set.of(), List.of(), List.of(),
                UpperProtocol.parse("udp"), List.of(), List.of(), Optional.of(TrafficClass.DATAGRAM))));
        try (LoopbackSite careful = new LoopbackSite(3, 3, freePort(), SaLifetime.DEFAULT, HELD, udpOnly)) {
            careful.install(a, 1, SUITE);
            a.install(careful, 1, SUITE);
            a.send(LoopbackSite.packet(1, 3, 100, 1));
            careful.awaitDrops(DropReason.POLICY_REFUSED, 1);
            careful.send(LoopbackSite.packet(3, 1, 100, 1));
            careful.awaitDrops(DropReason.POLICY_DISCARDED, 1);
            assertTrue(careful.receivedNothing());
        }
    }

    @Test
    void aPacketWithoutAKeyIsHeldUntilTheKeyIsThere() {
        byte[] packet = LoopbackSite.packet(1, 2, 100, 1);
        a.send(packet);
        LoopbackSite.await(() -> a.demands.contains("address [10, 2, 0, 1]"), "the question for the key");
        assertTrue(b.receivedNothing());
        join(1, SUITE);
        assertArrayEquals(packet, b.receive());
    }

    @Test
    void aFullHoldQueueDropsAndCounts() {
        for (int i = 0; i < HELD + 5; i++) {
            a.send(LoopbackSite.packet(1, 2, 100, i));
        }
        a.awaitDrops(DropReason.HOLD_QUEUE_FULL, 5);
        assertEquals(5, a.dataPlane.drops(DropReason.HOLD_QUEUE_FULL));
    }

    @Test
    void anAddressThatNobodyOwnsIsDroppedWithoutAskingAgain() {
        a.dataPlane.peerUnknown(new byte[] {10, 2, 0, 1}, Duration.ofMinutes(1));
        a.send(LoopbackSite.packet(1, 2, 100, 1));
        a.awaitDrops(DropReason.NO_PEER, 1);
        assertTrue(a.demands.isEmpty());
    }

    @Test
    void aSourceThatIsNotOursNeverLeaves() {
        join(1, SUITE);
        a.send(LoopbackSite.packet(9, 2, 100, 1));
        a.awaitDrops(DropReason.SOURCE_NOT_OWN, 1);
        assertTrue(b.receivedNothing());
    }

    @Test
    void aSourceThatIsNotThePeersNeverArrives() {
        try (LoopbackSite impostor = new LoopbackSite(3, 1, freePort(), SaLifetime.DEFAULT, HELD)) {
            join(1, SUITE);
            b.install(impostor, 1, SUITE);
            impostor.install(b, 1, SUITE);
            impostor.send(LoopbackSite.packet(1, 2, 100, 1));
            b.awaitDrops(DropReason.SOURCE_NOT_PEERS, 1);
            assertTrue(b.receivedNothing());
        }
    }

    @Test
    void aDestinationThatIsNotOursNeverReachesTheDevice() {
        try (LoopbackSite confused = new LoopbackSite(3, 9, freePort(), SaLifetime.DEFAULT, HELD)) {
            a.install(confused, 1, SUITE);
            confused.install(a, 1, SUITE);
            a.send(LoopbackSite.packet(1, 3, 100, 1));
            confused.awaitDrops(DropReason.DESTINATION_NOT_OWN, 1);
            assertTrue(confused.receivedNothing());
        }
    }

    @Test
    void aNewGenerationTakesOverWithoutLoss() {
        join(1, SUITE);
        a.send(LoopbackSite.packet(1, 2, 100, 0));
        b.receive();
        for (int generation = 2; generation < 6; generation++) {
            long wanted = generation;
            b.install(a, generation, SUITE);
            a.send(LoopbackSite.packet(1, 2, 100, generation));
            assertArrayEquals(LoopbackSite.packet(1, 2, 100, generation), b.receive());
            a.install(b, generation, SUITE);
            a.send(LoopbackSite.packet(1, 2, 200, generation));
            assertArrayEquals(LoopbackSite.packet(1, 2, 200, generation), b.receive());
            LoopbackSite.await(() -> a.dataPlane.peers().get(0).generation() == wanted
                    && b.dataPlane.peers().get(0).generation() == wanted, "generation " + wanted + " at both ends");
        }
    }

    @Test
    void aNewGenerationThatThePeerDoesNotHaveLeavesTheTunnelAsItIs() {
        join(1, SUITE);
        a.install(b, 2, SUITE);
        for (int i = 0; i < 20; i++) {
            a.send(LoopbackSite.packet(1, 2, 100, i));
            b.receive();
        }
        assertEquals(1, a.dataPlane.peers().get(0).generation());
        LoopbackSite.await(() -> b.demands.contains("number 1"), "b's question about the generation it does not have");
    }

    @Test
    void aPeerThatClaimsAnothersAddressTouchesNothingOfTheOthers() {
        try (LoopbackSite claimant = site(3)) {
            a.install(claimant, b.address, 1, SUITE);
            a.send(LoopbackSite.packet(1, 3, 100, 1));
            LoopbackSite.await(() -> b.demands.contains("number 1"), "a's datagrams for the claimant, which b can't open");
            join(1, SUITE);
            byte[] packet = LoopbackSite.packet(1, 2, 100, 2);
            a.send(packet);
            assertArrayEquals(packet, b.receive());
        }
    }

    @Test
    void aPeerAtAnImpossibleAddressDoesNotStopTheOthers() throws Exception {
        try (LoopbackSite c = site(4); LoopbackSite nowhere = site(5)) {
            c.install(nowhere, new InetSocketAddress("255.255.255.255", 4710), 1, SUITE);
            c.send(LoopbackSite.packet(4, 5, 100, 1));
            c.awaitDrops(DropReason.NETWORK_REFUSED, 1);
            b.install(c, 1, SUITE);
            c.install(b, 1, SUITE);
            byte[] packet = LoopbackSite.packet(4, 2, 100, 2);
            c.send(packet);
            assertArrayEquals(packet, b.receive());
            // Once the address is right the stream stands.
            nowhere.install(c, 2, SUITE);
            c.install(nowhere, 2, SUITE);
            byte[] found = LoopbackSite.packet(4, 5, 100, 3);
            c.send(found);
            LoopbackSite.await(() -> Arrays.equals(found, nowhere.receive()), "the packet at the new address");
        }
    }

    @Test
    void aWornAssociationIsRenewedInTimeAndStopsAtItsHardLimit() {
        try (LoopbackSite worn = new LoopbackSite(4, freePort(), new SaLifetime(400, 1 << 30, Duration.ofDays(1).toNanos()), HELD)) {
            b.install(worn, 1, SUITE);
            worn.install(b, 1, SUITE);
            LoopbackSite.await(() -> {
                worn.send(LoopbackSite.packet(4, 2, 100, 1));
                return worn.demands.contains("renew 2 above 1");
            }, "the question for a successor");
            LoopbackSite.await(() -> {
                worn.send(LoopbackSite.packet(4, 2, 100, 1));
                return worn.dataPlane.drops(DropReason.SA_EXHAUSTED) > 0;
            }, "the hard limit");
        }
    }

    @Test
    void aCandidateThatThePeerNeverTookIsRenewedToo() {
        try (LoopbackSite worn = new LoopbackSite(4, freePort(), new SaLifetime(1 << 30, 1 << 30, Duration.ofSeconds(2).toNanos()),
                HELD)) {
            worn.install(b, 1, SUITE);
            worn.install(b, 2, SUITE);
            LoopbackSite.await(() -> worn.demands.contains("renew 2 above 2"), "the question for the candidate's successor");
        }
    }

    @Test
    void garbageAtTheUdpPortIsCountedAndNeverAnswered() throws Exception {
        join(1, SUITE);
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int sent = 2_000;
        try (DatagramSocket scanner = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            for (int i = 0; i < sent; i++) {
                byte[] garbage = new byte[random.nextInt(1, 200)];
                random.nextBytes(garbage);
                scanner.send(new DatagramPacket(garbage, garbage.length, b.address));
                long before = i;
                LoopbackSite.await(() -> garbageDrops(b) > before, "datagram " + before + " to be counted, seed " + seed);
            }
            scanner.setSoTimeout(1);
            assertThrows(SocketTimeoutException.class, () -> scanner.receive(new DatagramPacket(new byte[100], 100)));
        }
        assertEquals(sent, garbageDrops(b), () -> "seed " + seed);
        a.send(LoopbackSite.packet(1, 2, 100, 1));
        b.receive();
    }

    /** Garbage hardly ever comes as far as the SPI; a peer that has just got new keys may well use them a moment too early. */
    private static long garbageDrops(LoopbackSite site) {
        return site.dataPlane.drops(DropReason.DATAGRAM_TOO_SHORT) + site.dataPlane.drops(DropReason.SPA_VERSION)
                + site.dataPlane.drops(DropReason.SPA_LENGTH) + site.dataPlane.drops(DropReason.SPA_TAG);
    }

    @Test
    void aPortInUseStopsTheStartAndSaysSo() {
        BearerException refused = assertThrows(BearerException.class,
                () -> new LoopbackSite(5, a.address.getPort(), SaLifetime.DEFAULT, HELD));
        assertTrue(refused.getMessage().contains("bearer.port"), refused::getMessage);
    }
}
