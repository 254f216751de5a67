package org.pairspan.node.bearer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.aeron.driver.CongestionControl;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.pairspan.node.association.PeerAssociations;

class ReceiverWindowTest {
    private static final int KIB = 1024;
    private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);

    private final PeerAssociations peer = PeerPair.install(PeerPair.database(), 1, 2, PeerPair.SOMEWHERE, 1);
    private final ReceiverWindow window = new ReceiverWindow(peer, 1 << 20, 4 << 20);
    private long nowNs = -5;
    private long position;

    /** Lets so much come within a time; answers the window in KiB after it. */
    private int arrive(int bytes, long ns) {
        int parts = 100;
        for (int i = 0; i < parts; i++) {
            position += bytes / parts;
            nowNs += ns / parts;
            window.onTrackRebuild(nowNs, position, 0, 0, 0, 0, false);
        }
        return CongestionControl.receiverWindowLength(window.onTrackRebuild(nowNs, position, 0, 0, 0, 0, false)) / KIB;
    }

    @Test
    void itBeginsSmallAndStaysSoOnAShortPath() {
        assertEquals(256 * KIB, window.initialWindowLength());
        peer.roundTripNs(MS / 10);
        assertEquals(256, arrive(100 << 20, 200 * MS));
    }

    @Test
    void onALongPathItGrowsToTwiceWhatOneRoundTripBrings() {
        peer.roundTripNs(50 * MS);
        int grown = arrive(1000 * KIB, 100 * MS + 2 * MS);
        assertEquals(1000, grown, 50);
        assertEquals(1024, arrive(20 << 20, 200 * MS));
        assertEquals(1024, arrive(0, 1000 * MS));
    }

    @Test
    void onceTheRoundTripIsKnownItBeginsAnew() {
        assertEquals(1024, arrive(100 << 20, 300 * MS));
        peer.roundTripNs(MS);
        assertEquals(256, arrive(1 << 20, 20 * MS));
    }

    @Test
    void itNeverExceedsHalfATermOrWhatIsSet() {
        assertEquals(128 * KIB, new ReceiverWindow(peer, 1 << 20, 256 * KIB).initialWindowLength());
        assertEquals(128 * KIB, new ReceiverWindow(peer, 128 * KIB, 4 << 20).maxWindowLength());
    }
}
