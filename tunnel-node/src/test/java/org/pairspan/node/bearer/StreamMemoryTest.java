package org.pairspan.node.bearer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StreamMemoryTest {
    private static final int KIB = 1024;
    private static final int MIB = KIB * KIB;
    private static final int SHORT = 512 * KIB;
    private static final int LONGER = 2 * MIB;
    private static final int PAGE = 4096;
    private static final long OF_SHORT = 3 * SHORT + PAGE;
    private static final long OF_LONGER = 3 * LONGER + PAGE;

    private final Map<String, Long> taken = new HashMap<>();
    private final List<String> warnings = new ArrayList<>();
    private long freeBytes;
    private int looks;
    private long nowNs = Long.MAX_VALUE - 5;
    private final StreamMemory memory = new StreamMemory(new StreamMemory.Store() {
        @Override
        public long freeBytes() {
            looks++;
            return freeBytes;
        }

        @Override
        public long takenBytes(String file) {
            return taken.getOrDefault(file, 0L);
        }
    }, () -> nowNs, warnings::add);

    private boolean hasRoom(int termLength) {
        nowNs += StreamMemory.ASKED_AGAIN_NS;
        return memory.hasRoom(termLength);
    }

    @Test
    void whatIsPromisedIsNotFreeThoughNothingOfItIsTaken() {
        freeBytes = 2 * OF_SHORT;
        memory.promise("first", OF_SHORT);
        assertTrue(hasRoom(SHORT));
        memory.promise("second", OF_SHORT);
        assertFalse(hasRoom(SHORT));
        assertEquals(2 * OF_SHORT, memory.promisedBytes());
        freeBytes++;
        assertFalse(hasRoom(SHORT), "one byte");
        freeBytes += OF_SHORT - 1;
        assertTrue(hasRoom(SHORT));
    }

    @Test
    void whatAStreamHasTakenIsNotCountedTwice() {
        freeBytes = 2 * OF_SHORT;
        memory.promise("first", OF_SHORT);
        take("first", OF_SHORT);
        assertTrue(hasRoom(SHORT), "one is left, and that is free");
        memory.promise("second", OF_SHORT);
        take("second", OF_SHORT / 2);
        assertFalse(hasRoom(SHORT), "the other half of it is promised");
    }

    @Test
    void aFileThatTakesMoreThanItMayLendsNothingToOthers() {
        freeBytes = OF_SHORT - 1;
        memory.promise("first", PAGE);
        taken.put("first", 10 * OF_SHORT);
        assertFalse(hasRoom(SHORT));
    }

    @Test
    void whatOthersTakeOfTheFileSystemIsNotPromised() {
        freeBytes = 3 * OF_SHORT;
        memory.promise("first", OF_SHORT);
        assertTrue(hasRoom(SHORT));
        freeBytes -= OF_SHORT + 1;
        assertFalse(hasRoom(SHORT));
    }

    @Test
    void whatIsGivenBackIsThereAtOnceAndOnlyOnce() {
        freeBytes = OF_SHORT;
        StreamMemory.Promise promise = memory.promise("first", OF_SHORT);
        assertFalse(hasRoom(SHORT));
        memory.giveBack(promise);
        memory.giveBack(promise);
        assertEquals(0, memory.promisedBytes());
        assertTrue(memory.hasRoom(SHORT));
    }

    @Test
    void aStreamOfLongerTermsLeavesRoomForThreeMore() {
        freeBytes = 4 * OF_LONGER - 1;
        assertFalse(hasRoom(LONGER));
        assertTrue(hasRoom(SHORT));
        freeBytes++;
        assertTrue(hasRoom(LONGER));
    }

    @Test
    void whoeverAsksAgainSoonIsRefusedWithoutALookButASmallerStreamIsNot() {
        freeBytes = OF_SHORT;
        assertFalse(hasRoom(LONGER));
        assertFalse(memory.hasRoom(LONGER));
        assertFalse(memory.hasRoom(2 * LONGER));
        assertEquals(1, looks);
        assertTrue(memory.hasRoom(SHORT));
        assertEquals(3, memory.refusals());
        freeBytes = 4 * OF_LONGER;
        assertFalse(memory.hasRoom(LONGER));
        assertTrue(hasRoom(LONGER));
    }

    @Test
    void wantOfRoomIsToldOnceUntilThereWasRoomForWhatWasRefused() {
        freeBytes = 20 * MIB;
        memory.promise("first", OF_LONGER);
        assertFalse(hasRoom(LONGER));
        assertFalse(hasRoom(LONGER));
        assertTrue(hasRoom(SHORT));
        assertFalse(hasRoom(4 * LONGER));
        assertEquals(List.of("bearer.directory is short of room: one more stream with terms of 2048 KiB takes room for 25 MiB (4 like it, so that"
                + " others fit, too), and 13 MiB are neither taken nor promised to other streams (6 MiB are). Until there is room, streams stay"
                + " shorter than far peers need, or are not made. Give that file system more room (/dev/shm: mount -o remount,size=...), or make"
                + " bearer.term-length smaller, here and at the peers."), warnings);
        freeBytes = 50 * MIB;
        assertTrue(hasRoom(LONGER));
        freeBytes = 20 * MIB;
        assertFalse(hasRoom(LONGER));
        assertEquals(1, warnings.size(), "there was no room for terms of 8 MiB meanwhile");
        freeBytes = 200 * MIB;
        assertTrue(hasRoom(4 * LONGER));
        freeBytes = 0;
        assertFalse(hasRoom(SHORT));
        assertEquals(2, warnings.size());
        assertTrue(warnings.getLast().startsWith(
                "bearer.directory is short of room: one more stream with terms of 512 KiB takes room for 2 MiB, and 0 MiB are"), warnings::getLast);
    }

    private void take(String file, long bytes) {
        taken.put(file, bytes);
        freeBytes -= bytes;
    }
}
