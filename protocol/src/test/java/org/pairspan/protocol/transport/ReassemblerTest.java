package org.pairspan.protocol.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.pairspan.protocol.wire.DropReason;

class ReassemblerTest {
    private static final int SPI = 0x7002;
    private static final int SLOTS = 4;
    private static final int MAX_DATAGRAM = 65_535;
    private static final long TIMEOUT_NS = 1_000;
    private static final int MALFORMED = -DropReason.FRAGMENT_MALFORMED.id();
    private static final int OVERFLOW = -DropReason.REASSEMBLY_OVERFLOW.id();
    private static final int TIMEOUT = -DropReason.REASSEMBLY_TIMEOUT.id();

    private final Reassembler reassembler = new Reassembler(SLOTS, MAX_DATAGRAM, TIMEOUT_NS);
    private final UnsafeBuffer payload = new UnsafeBuffer(new byte[MAX_DATAGRAM]);

    @Test
    void theHeaderHasItsBits() {
        long header = FragmentHeader.encode(0xF102_0304, 0xFFFE, 0xFFFF);
        assertEquals(0xF102_0304_FFFE_FFFFL, header);
        assertEquals(0xF102_0304, FragmentHeader.datagramId(header));
        assertEquals(0xFFFE, FragmentHeader.offset(header));
        assertEquals(0xFFFF, FragmentHeader.total(header));
        assertEquals("Fragment{datagram=4043440900 offset=65534 total=65535}", FragmentHeader.describe(header));
    }

    @Test
    void aDatagramOfOneFragmentIsCompleteAtOnce() {
        payload.putByte(17, (byte) 42);
        assertEquals(10, add(1, 0, 10, 10, 17, 0));
        assertEquals(42, reassembler.buffer().getByte(0));
        assertEquals(10, reassembler.buffer().capacity());
        assertEquals(0, reassembler.incomplete());
    }

    @Test
    void fragmentsInOrderMakeTheDatagram() {
        fill(payload, 1);
        assertEquals(0, add(1, 0, 100, 250));
        assertEquals(0, add(1, 100, 100, 250));
        assertEquals(250, add(1, 200, 50, 250));
        assertDatagram(250, "in order");
        assertEquals(0, reassembler.incomplete());
    }

    @Test
    void fragmentsInAnyOrderWithDuplicatesMakeTheDatagrams() {
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            fill(payload, seed);
            int datagrams = 1 + random.nextInt(SLOTS);
            int[] totals = new int[datagrams];
            List<int[]> fragments = new ArrayList<>();
            for (int id = 0; id < datagrams; id++) {
                totals[id] = 2 + random.nextInt(MAX_DATAGRAM - 1);
                int chunk = Math.min(totals[id] - 1, 64 + random.nextInt(3000));
                for (int at = 0; at < totals[id]; at += chunk) {
                    fragments.add(new int[] {id, at, Fragments.length(totals[id], chunk, at)});
                }
            }
            Collections.shuffle(fragments, random);
            int[] left = new int[datagrams];
            fragments.forEach(fragment -> left[fragment[0]]++);
            for (int[] fragment : fragments) {
                int id = fragment[0];
                String which = "seed " + seed + ", datagram " + id;
                boolean completes = --left[id] == 0;
                assertEquals(completes ? totals[id] : 0, add(id, fragment[1], fragment[2], totals[id]), which);
                if (completes) {
                    assertDatagram(totals[id], which);
                } else if (random.nextInt(4) == 0) {
                    assertEquals(0, add(id, fragment[1], fragment[2], totals[id]), which);
                }
            }
            assertEquals(0, reassembler.incomplete());
        }
    }

    @Test
    void oneIdOfTwoAssociationsIsTwoDatagrams() {
        assertEquals(0, reassembler.onFragment(1, FragmentHeader.encode(9, 0, 200), payload, 0, 100, 0));
        assertEquals(0, reassembler.onFragment(2, FragmentHeader.encode(9, 100, 200), payload, 0, 100, 0));
        assertEquals(200, reassembler.onFragment(1, FragmentHeader.encode(9, 100, 200), payload, 0, 100, 0));
        assertEquals(200, reassembler.onFragment(2, FragmentHeader.encode(9, 0, 200), payload, 0, 100, 0));
    }

    @Test
    void aFragmentThatContradictsItselfIsRefused() {
        Reassembler small = new Reassembler(1, 1000, TIMEOUT_NS);
        assertEquals(MALFORMED, small.onFragment(SPI, FragmentHeader.encode(1, 0, 1001), payload, 0, 100, 0));
        assertEquals(MALFORMED, add(1, 0, 0, 100));
        assertEquals(MALFORMED, add(1, 0, 101, 100));
        assertEquals(MALFORMED, add(1, 0, 1, 0));
        assertEquals(MALFORMED, add(1, 60_000, 10_000, MAX_DATAGRAM));
        assertEquals(MALFORMED, add(1, 50, 100, 1000), "offset is no multiple of the length");
        assertEquals(MALFORMED, add(1, 0, 63, MAX_DATAGRAM), "too many fragments");
        assertEquals(0, reassembler.incomplete());
    }

    @Test
    void aFragmentThatContradictsTheOnesBeforeIsRefusedAndTheyStay() {
        fill(payload, 3);
        assertEquals(0, add(1, 0, 100, 250));
        assertEquals(MALFORMED, add(1, 100, 100, 251), "another total");
        assertEquals(MALFORMED, add(1, 50, 50, 250), "another chunk");
        assertEquals(MALFORMED, add(1, 210, 40, 250), "a last one off the grid");
        assertEquals(MALFORMED, add(1, 100, 150, 250), "a last one longer than the chunk");
        assertEquals(0, add(1, 200, 50, 250));
        assertEquals(250, add(1, 100, 100, 250));
        assertDatagram(250, "after lies");
    }

    @Test
    void aChunkThatDoesNotFitTheLastFragmentIsRefused() {
        assertEquals(0, add(1, 200, 50, 250));
        assertEquals(MALFORMED, add(1, 0, 80, 250), "the last one is off this grid");
        assertEquals(MALFORMED, add(1, 0, 40, 250), "the last one is longer than this chunk");
        assertEquals(MALFORMED, add(1, 100, 150, 250), "another last one");
        assertEquals(0, add(1, 0, 100, 250));
        assertEquals(250, add(1, 100, 100, 250));
    }

    @Test
    void liesNeverThrowAndNeverCompleteMoreThanWasAnnounced() {
        Reassembler small = new Reassembler(3, 500, TIMEOUT_NS);
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            for (int i = 0; i < 500; i++) {
                int total = random.nextInt(600);
                long header = FragmentHeader.encode(random.nextInt(4), random.nextInt(600), total);
                int result = small.onFragment(random.nextInt(2), header, payload, 0, random.nextInt(600), i * 10L);
                String which = "seed " + seed + ", step " + i;
                assertTrue(result == 0 || result == total || result == MALFORMED || result == OVERFLOW || result == TIMEOUT, which);
                assertTrue(small.incomplete() <= 3, which);
            }
        }
    }

    @Test
    void whenAllSlotsAreTakenTheOldestGivesWay() {
        for (int id = 0; id < SLOTS; id++) {
            assertEquals(0, add(id, 0, 100, 200, 0, 10 + id));
        }
        assertEquals(OVERFLOW, add(SLOTS, 0, 100, 200, 0, 20));
        assertEquals(200, add(SLOTS, 100, 100, 200, 0, 20), "the new one was kept");
        assertEquals(200, add(1, 100, 100, 200, 0, 20), "the second oldest was kept");
        assertEquals(0, add(0, 100, 100, 200, 0, 20), "the oldest was given up");
    }

    @Test
    void aDatagramThatWaitsTooLongIsGivenUp() {
        assertEquals(0, add(1, 0, 100, 200, 0, 0));
        assertEquals(0, add(2, 0, 100, 200, 0, 500));
        assertEquals(0, reassembler.expire(TIMEOUT_NS - 1));
        assertEquals(1, reassembler.expire(TIMEOUT_NS));
        assertEquals(1, reassembler.incomplete());
        assertEquals(200, add(2, 100, 100, 200, 0, TIMEOUT_NS + 499));
    }

    @Test
    void aLateFragmentDoesNotCompleteADatagramWhoseTimeIsOver() {
        assertEquals(0, add(1, 0, 100, 200, 0, 0));
        assertEquals(TIMEOUT, add(1, 100, 100, 200, 0, TIMEOUT_NS));
        assertEquals(1, reassembler.incomplete());
    }

    @Test
    void aSlotWhoseTimeIsOverIsReusedAsTimedOut() {
        for (int id = 0; id < SLOTS; id++) {
            assertEquals(0, add(id, 0, 100, 200, 0, 0));
        }
        assertEquals(TIMEOUT, add(SLOTS, 0, 100, 200, 0, TIMEOUT_NS));
    }

    @Test
    void limitsOutOfRangeAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Reassembler(0, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new Reassembler(1, 65_536, 1));
        assertThrows(IllegalArgumentException.class, () -> new Reassembler(1, 1, 0));
    }

    @Test
    void aDatagramIsCutIntoChunksAndARest() {
        assertEquals(1, Fragments.count(100, 100));
        assertEquals(2, Fragments.count(101, 100));
        assertEquals(100, Fragments.length(101, 100, 0));
        assertEquals(1, Fragments.length(101, 100, 100));
    }

    /** Adds the fragment whose bytes stand at the same offset of the payload. */
    private int add(int id, int at, int length, int total) {
        return add(id, at, length, total, Math.min(at, MAX_DATAGRAM - length), 0);
    }

    private int add(int id, int at, int length, int total, int from, long nowNs) {
        return reassembler.onFragment(SPI, FragmentHeader.encode(id, at, total), payload, from, length, nowNs);
    }

    private void assertDatagram(int length, String which) {
        UnsafeBuffer expected = new UnsafeBuffer(payload, 0, length);
        assertEquals(expected, new UnsafeBuffer(reassembler.buffer(), 0, length), which);
    }

    private static void fill(UnsafeBuffer buffer, long seed) {
        new Random(seed).nextBytes(buffer.byteArray());
    }
}
