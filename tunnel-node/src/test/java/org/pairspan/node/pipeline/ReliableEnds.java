package org.pairspan.node.pipeline;

import org.pairspan.node.bearer.PieceStream;
import org.pairspan.node.device.PacketDevice;
import org.pairspan.node.queue.FlowHash;
import org.pairspan.node.queue.PacketPool;
import org.pairspan.node.queue.Patience;
import org.pairspan.protocol.flow.Cubic;
import org.pairspan.protocol.reliable.ReliableReceiver;
import org.pairspan.protocol.reliable.ReliableSender;
import org.pairspan.protocol.rtt.RttMeasurement;
import org.pairspan.protocol.transport.MessageAssembler;
import org.pairspan.protocol.wire.DropCounters;

/** The reliable class of a test: both its ends are those of one site. */
final class ReliableEnds {
    private static final int WINDOW = 512;
    private static final int LONGEST_PIECE = 1400;

    final RttMeasurement roundTripTime = new RttMeasurement();
    final ReliableSender sender;
    final ReliableReceiver receiver;

    ReliableEnds(DropCounters drops) {
        sender = new ReliableSender(WINDOW, LONGEST_PIECE, roundTripTime, new Cubic(WINDOW), drops);
        receiver = new ReliableReceiver(1, WINDOW, LONGEST_PIECE, roundTripTime);
    }

    /** What this end's sender and the other's receiver have to say to each other. */
    void speakWith(ReliableEnds other, long nowNs) {
        sender.doWork(nowNs, (message, offset, length) -> {
            other.receiver.onMessage(message, offset, length, nowNs);
            return true;
        });
        other.receiver.doWork(nowNs, (message, offset, length) -> {
            sender.onMessage(message, offset, length, nowNs);
            return true;
        });
    }

    ReliableClass over(PieceStream stream, PacketPool pool, FlowHash hash, DropCounters drops) {
        ReliableClassSender pieces = new ReliableClassSender(stream, sender, drops);
        return new ReliableClass(new Outlet(pieces, () -> true, pool, hash, Patience.DATAGRAM), pieces, receiver,
                new MessageAssembler(PacketDevice.LONGEST_PACKET, drops));
    }
}
