package org.pairspan.node.bearer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.pairspan.node.posix.Errno;
import org.pairspan.protocol.wire.DropCounters;
import org.pairspan.protocol.wire.DropReason;

class SendBatchTest {
    private final FakeKernel kernel = new FakeKernel();
    private final DropCounters drops = new DropCounters();
    private final SendBatch batch = new SendBatch(kernel, drops);

    private void fill(int... lengths) {
        batch.clear();
        for (int i = 0; i < lengths.length; i++) {
            batch.buffer().setMemory(batch.end(), lengths[i], (byte) i);
            batch.add(lengths[i], 100 + i);
        }
    }

    private int send() {
        return batch.send(FakeKernel.DESCRIPTOR, FakeKernel.NAME, FakeKernel.NAME_LENGTH);
    }

    private static int[] repeat(int length, int times) {
        return IntStream.generate(() -> length).limit(times).toArray();
    }

    @Test
    void datagramsOfOneLengthAndAShorterOneBehindThemAreOneMessage() {
        fill(1472, 1472, 1472, 100, 1472, 1472, 60, 60, 64);
        assertEquals(9, send());
        assertEquals(List.of("1472x4", "1472x3", "60x1", "64x1"), kernel.messages);
        assertEquals(1, kernel.calls);
        assertEquals(9, batch.sentDatagrams());
        assertEquals(5 * 1472 + 100 + 60 + 60 + 64, batch.sentBytes());
        assertEquals(9, kernel.datagrams.size());
        for (int i = 0; i < 9; i++) {
            assertEquals(i, kernel.datagrams.get(i)[0]);
        }
    }

    @Test
    void aMessageHasAtMost64DatagramsAndWhatUdpTakes() {
        fill(repeat(100, 130));
        assertEquals(130, send());
        assertEquals(List.of("100x64", "100x64", "100x2"), kernel.messages);
        kernel.messages.clear();
        fill(repeat(1472, 60));
        assertEquals(60, send());
        assertEquals(List.of("1472x44", "1472x16"), kernel.messages);
    }

    @Test
    void moreMessagesThanOneCallTakesGoInSeveral() {
        fill(IntStream.range(0, 200).map(i -> 100 + 4 * i).toArray());
        assertEquals(200, send());
        assertEquals(200, kernel.messages.size());
        assertEquals(4, kernel.calls);
    }

    @Test
    void withoutOffloadEachDatagramIsAMessage() {
        kernel.results.add(-Errno.EIO);
        fill(1472, 1472, 100);
        assertEquals(3, send());
        assertEquals(List.of("1472x1", "1472x1", "100x1"), kernel.messages);
        fill(1472, 1472);
        send();
        assertEquals(List.of("1472x1", "1472x1", "100x1", "1472x1", "1472x1"), kernel.messages);
        assertEquals(0, drops.total());
    }

    @Test
    void aFullKernelTakesWhatItTakesAndSaysSo() {
        kernel.results.add(1);
        kernel.results.add(-Errno.EAGAIN);
        fill(1472, 1472, 100, 1472, 1472);
        assertEquals(3, send());
        assertEquals(3, batch.sentDatagrams());
        assertEquals(102, batch.mark(2));
        assertEquals(0, drops.total());
        kernel.results.add(-Errno.ENOBUFS);
        fill(1472);
        assertEquals(0, send());
    }

    @Test
    void whatIsRefusedForGoodIsCountedAndStopsNoOther() {
        kernel.results.add(-Errno.EMSGSIZE);
        kernel.results.add(-Errno.EHOSTUNREACH);
        kernel.results.add(-Errno.EINTR);
        fill(9000, 9000, 9004, 1472);
        assertEquals(4, send());
        assertEquals(2, drops.get(DropReason.DATAGRAM_TOO_LONG));
        assertEquals(2, drops.get(DropReason.NETWORK_REFUSED));
        assertEquals(0, batch.sentDatagrams());
        kernel.results.add(-Errno.EINVAL);
        fill(60, 64);
        assertEquals(2, send());
        assertEquals(List.of("64x1"), kernel.messages);
        assertEquals(1, batch.sentDatagrams());
    }

    @Test
    void aFullBatchHasNoRoom() {
        fill(repeat(1472, 88));
        assertTrue(batch.hasRoom(1472));
        fill(repeat(1472, 89));
        assertFalse(batch.hasRoom(1472));
        assertTrue(batch.hasRoom(4));
        fill(repeat(48, 256));
        assertFalse(batch.hasRoom(48));
    }
}
