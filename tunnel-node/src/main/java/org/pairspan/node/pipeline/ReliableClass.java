package org.pairspan.node.pipeline;

import org.pairspan.node.observe.TrafficTelemetry;
import org.pairspan.protocol.reliable.ReliableReceiver;
import org.pairspan.protocol.transport.MessageAssembler;
import org.pairspan.protocol.wire.Counter;

/** The reliable class (PS-6) with one peer, both ways. Data thread, but for the counts. */
final class ReliableClass implements TrafficTelemetry {
    private final Outlet outlet;
    private final ReliableClassSender sender;
    private final ReliableReceiver receiver;
    private final MessageAssembler assembler;
    private final Counter packetsIn = new Counter();
    private final Counter bytesIn = new Counter();

    /**
     * @param outlet    of packets for the peer.
     * @param sender    behind that outlet.
     * @param receiver  of the peer's pieces.
     * @param assembler of what the receiver delivers.
     */
    ReliableClass(Outlet outlet, ReliableClassSender sender, ReliableReceiver receiver, MessageAssembler assembler) {
        this.outlet = outlet;
        this.sender = sender;
        this.receiver = receiver;
        this.assembler = assembler;
    }

    Outlet outlet() {
        return outlet;
    }

    ReliableReceiver receiver() {
        return receiver;
    }

    MessageAssembler assembler() {
        return assembler;
    }

    /** Sends again what is lost: how many pieces. */
    int resend(long nowNs) {
        return sender.resend(nowNs);
    }

    void onReceived(int bytes) {
        packetsIn.increment();
        bytesIn.add(bytes);
    }

    @Override
    public long packetsOut() {
        return outlet.packets();
    }

    @Override
    public long bytesOut() {
        return outlet.bytes();
    }

    @Override
    public long packetsIn() {
        return packetsIn.get();
    }

    @Override
    public long bytesIn() {
        return bytesIn.get();
    }
}
