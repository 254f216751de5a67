package org.pairspan.node.offload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pairspan.node.offload.TransportPackets.ACK;
import static org.pairspan.node.offload.TransportPackets.hex;

import java.util.Arrays;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class IcmpTooBigTest {
    private static final String PACKET4 = "450200370009400040064e7fc0000201c63364029c4001bb0000000511223344801001f5ec600000"
        + "0101080a000000010000000278797a";
    private static final String PACKET6 = "602123450017064020010db800000000000000000000000120010db80000000000000000000000029c4001bb"
        + "0000000511223344501001f55b92000078797a";

    private final IcmpTooBig icmp = new IcmpTooBig();
    private final byte[] out = new byte[1280];

    @Test
    void anIpv4SenderIsToldTheMtuInTheNameOfItsDestination() {
        assertEquals("45c000530000000040018db3c6336402c00002010304ab4200000564" + PACKET4, answer(hex(PACKET4), 1380));
    }

    @Test
    void anIpv6SenderIsToldTheMtuInTheNameOfItsDestination() {
        assertEquals("6000000000473a4020010db800000000000000000000000220010db8000000000000000000000001020034fa00000564" + PACKET6,
            answer(hex(PACKET6), 1380));
    }

    @Test
    void theQuoteIsAsLongAsTheStandardsHaveIt() {
        TransportPackets.Flow flow = new TransportPackets.Flow();
        assertEquals(576, answer(flow.tcp(ACK, new byte[9000]), 1380).length() / 2);
        assertTrue(checksumIsRight(576));
        assertEquals(1280, answer(flow.six().tcp(ACK, new byte[9000]), 1380).length() / 2);
        assertTrue(checksumIsRight(1280));
    }

    @Test
    void whatMayBeFragmentedIsNotTooBig() {
        TransportPackets.Flow flow = new TransportPackets.Flow();
        flow.dontFragment = false;
        assertEquals("", answer(flow.udp(new byte[2000]), 1380));
    }

    @Test
    void noErrorIsSentAboutAnErrorAFragmentOrToMany() {
        for (int type : new int[] {3, 4, 5, 11, 12}) {
            assertEquals("", answer(icmp4(type), 1380));
        }
        assertTrue(answer(icmp4(8), 1380).length() > 0, "an echo request");
        for (int type : new int[] {1, 2, 3, 4, 127, 137}) {
            assertEquals("", answer(icmp6(type), 1380));
        }
        assertTrue(answer(icmp6(128), 1380).length() > 0, "an echo request");
        assertEquals("", answer(with(hex(PACKET4), 7, 5), 1380), "a later fragment");
        assertEquals("", answer(with(hex(PACKET4), 16, 224), 1380), "to a group");
        assertEquals("", answer(with(hex(PACKET6), 24, 0xFF), 1380), "to a group");
        for (int first : new int[] {0, 127, 224, 255}) {
            assertEquals("", answer(with(hex(PACKET4), 12, first), 1380), "from what is no host");
        }
        assertEquals("", answer(with(hex(PACKET6), 8, 0xFF), 1380), "from a group");
        byte[] unspecified = hex(PACKET6);
        Arrays.fill(unspecified, 8, 24, (byte) 0);
        assertEquals("", answer(unspecified, 1380));
        assertEquals("", answer(with(unspecified, 23, 1), 1380), "from the loopback");
    }

    @Test
    void extensionHeadersHideNoError() {
        assertEquals("", answer(extended(0, 1), 1380), "an error behind hop-by-hop options");
        assertTrue(answer(extended(0, 128), 1380).length() > 0);
        assertEquals("", answer(with(extended(44, 128), 43, 8), 1380), "a later fragment");
        assertTrue(answer(extended(44, 128), 1380).length() > 0, "the first fragment");
        assertEquals("", answer(with(extended(60, 128), 41, 200), 1380), "an extension header longer than the packet");
    }

    @Test
    void noOctetsMakeItReadBeyondTheirEnd() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 200_000; i++) {
            byte[] octets = new byte[random.nextInt(120)];
            random.nextBytes(octets);
            if (octets.length > 40 && random.nextBoolean()) {
                boolean four = random.nextBoolean();
                octets[0] = (byte) (four ? 0x45 + random.nextInt(3) : 0x60);
                octets[four ? 2 : 4] = 0;
                octets[four ? 3 : 5] = (byte) (four ? octets.length : octets.length - 40);
                octets[6] = (byte) (four ? 0x40 : new int[] {0, 43, 44, 51, 58, 60}[random.nextInt(6)]);
                octets[7] = 0;
                octets[9] = 1;
            }
            try {
                answer(octets, random.nextInt());
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ", octets " + hex(octets), e);
            }
        }
    }

    private boolean checksumIsRight(int length) {
        boolean four = out[0] == 0x45;
        int header = four ? 20 : 40;
        int sum = TransportPackets.sum(out, header, length - header)
            + (four ? 0 : TransportPackets.pseudoSum(out, 58, length - header));
        return (four ? TransportPackets.sum(out, 0, 20) == 0xFFFF : true) && (sum == 0xFFFF || sum == 2 * 0xFFFF);
    }

    private static byte[] icmp4(int type) {
        return with(with(hex(PACKET4), 9, 1), 20, type);
    }

    private static byte[] icmp6(int type) {
        return with(with(hex(PACKET6), 6, 58), 40, type);
    }

    /** ICMPv6 behind one extension header of eight octets. */
    private static byte[] extended(int extension, int type) {
        byte[] packet = with(with(with(hex(PACKET6), 6, extension), 40, 58), 48, type);
        packet[41] = 0;
        packet[42] = 0;
        packet[43] = 0;
        return packet;
    }

    private static byte[] with(byte[] packet, int index, int value) {
        packet[index] = (byte) value;
        return packet;
    }

    private String answer(byte[] packet, int mtu) {
        int length = icmp.write(new UnsafeBuffer(packet), 0, packet.length, mtu, new UnsafeBuffer(out), 0);
        return hex(Arrays.copyOf(out, length));
    }
}
