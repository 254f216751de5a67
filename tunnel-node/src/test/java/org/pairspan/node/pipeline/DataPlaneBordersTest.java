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
import org.junit.jupiter.api.Test;
import org.pairspan.node.policy.Rule;
import org.pairspan.node.policy.SecurityPolicy;
import org.pairspan.node.policy.TrafficClass;
import org.pairspan.node.policy.UpperProtocol;
import org.pairspan.protocol.association.SaLifetime;
import org.pairspan.protocol.wire.DropReason;

/** What passes no data plane, from the site or from the network, and touches nobody else. */
class DataPlaneBordersTest extends LoopbackPair {
    @Test
    void aPolicyHoldsBothWays() {
        SecurityPolicy udpOnly = new SecurityPolicy(List.of(new Rule("udp", Rule.Action.PROTECT, Set.of(), List.of(), List.of(),
                UpperProtocol.parse("udp"), List.of(), List.of(), Optional.of(TrafficClass.DATAGRAM))));
        try (LoopbackSite careful = new LoopbackSite(3, 3, LoopbackSite.freePort(), SaLifetime.DEFAULT, HELD, udpOnly)) {
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
        try (LoopbackSite impostor = new LoopbackSite(3, 1, LoopbackSite.freePort(), SaLifetime.DEFAULT, HELD)) {
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
        try (LoopbackSite confused = new LoopbackSite(3, 9, LoopbackSite.freePort(), SaLifetime.DEFAULT, HELD)) {
            a.install(confused, 1, SUITE);
            confused.install(a, 1, SUITE);
            a.send(LoopbackSite.packet(1, 3, 100, 1));
            confused.awaitDrops(DropReason.DESTINATION_NOT_OWN, 1);
            assertTrue(confused.receivedNothing());
        }
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
}
