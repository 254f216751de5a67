package org.pairspan.protocol.reliable;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.function.IntFunction;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.pairspan.protocol.control.ControlType;
import org.pairspan.protocol.flow.CongestionControl;
import org.pairspan.protocol.rtt.RttMeasurement;
import org.pairspan.protocol.transport.SegmentHeader;
import org.pairspan.protocol.wire.DropCounters;

/** A sender that always has a piece, its receiver, and two links; every delivery is checked against what was sent. */
final class SimulatedFlow {
    static final int WINDOW = 4096;
    static final int PIECE = 1400;
    private static final long TURN_NS = 20_000;

    final Simulation simulation;
    final RttMeasurement senderRtt = new RttMeasurement();
    final RttMeasurement receiverRtt = new RttMeasurement();
    final DropCounters drops = new DropCounters();
    private final SimulatedLink there;
    private final SimulatedLink back;
    private final String name;
    private final UnsafeBuffer payload = new UnsafeBuffer(new byte[PIECE]);
    private final IntFunction<CongestionControl> control;
    CongestionControl congestion;
    ReliableSender sender;
    ReliableReceiver receiver;
    long limit = Long.MAX_VALUE;
    long accepted;
    long delivered;
    boolean checking = true;
    boolean ready = true;
    boolean refusing;
    /** After a restart: the least and most that the next delivered piece may be; -1 when it must be the one after the last. */
    private long resyncFrom = -1;
    private long resyncTo;
    long clockOffsetNs;
    SimulatedHost atSender = SimulatedHost.IDLE;
    SimulatedHost atReceiver = SimulatedHost.IDLE;
    private boolean senderTurn;
    private boolean receiverTurn;
    private long senderTimerNs = Long.MAX_VALUE;
    private long receiverTimerNs = Long.MAX_VALUE;

    SimulatedFlow(String name, Simulation simulation, SimulatedLink there, SimulatedLink back, IntFunction<CongestionControl> control) {
        this.name = name;
        this.simulation = simulation;
        this.there = there;
        this.back = back;
        this.control = control;
        restartSender();
        restartReceiver(1);
    }

    /** The sender's node starts anew; what it had taken and not delivered is gone with it. */
    void restartSenderNode() {
        resyncFrom = accepted;
        resyncTo = accepted;
        restartSender();
        turnSender();
    }

    /** The receiver's node starts anew: what it had delivered and not confirmed comes again, nothing is missing. */
    void restartReceiverNode(long instance) {
        resyncFrom = accepted - sender.unconfirmed();
        resyncTo = delivered;
        restartReceiver(instance);
        turnReceiver();
    }

    private void restartSender() {
        congestion = control.apply(WINDOW);
        sender = new ReliableSender(WINDOW, PIECE, senderRtt, congestion, drops);
    }

    private void restartReceiver(long instance) {
        receiver = new ReliableReceiver(instance, WINDOW, PIECE, receiverRtt);
    }

    void start() {
        turnSender();
        turnReceiver();
    }

    void turnSender() {
        long nowNs = nowNs();
        while (accepted < limit && sender.canSend(nowNs)) {
            int length = checking ? 9 + (int) (accepted * 7919 % (PIECE - 9)) : PIECE;
            payload.putLong(0, accepted);
            payload.putByte(length - 1, (byte) accepted);
            accepted++;
            post(sender.accept(SegmentHeader.WHOLE, 0, payload, 0, length, nowNs), payload, 0, length);
        }
        sender.resend(nowNs, (header, piece, offset, length) -> !refusing && post(header, piece, offset, length));
        sender.doWork(nowNs, this::toReceiver);
        senderRtt.doWork(nowNs, this::toReceiver);
        long due = Math.max(0, Math.min(sender.dueInNs(nowNs), senderRtt.dueInNs(nowNs)));
        if (simulation.nowNs() + due < senderTimerNs || senderTimerNs <= simulation.nowNs()) {
            senderTimerNs = simulation.nowNs() + Math.max(due, TURN_NS);
            simulation.after(Math.max(due, TURN_NS), () -> atSender.run(simulation, this::turnSender));
        }
    }

    void turnReceiver() {
        long nowNs = nowNs();
        receiver.doWork(nowNs, this::toSender);
        receiverRtt.doWork(nowNs, this::toSender);
        long due = Math.max(0, Math.min(receiver.dueInNs(nowNs), receiverRtt.dueInNs(nowNs)));
        if (simulation.nowNs() + due < receiverTimerNs || receiverTimerNs <= simulation.nowNs()) {
            receiverTimerNs = simulation.nowNs() + Math.max(due, TURN_NS);
            simulation.after(Math.max(due, TURN_NS), () -> atReceiver.run(simulation, this::turnReceiver));
        }
    }

    // One turn for all that came by then, as a node takes a batch of datagrams.
    private void soonTurnSender() {
        if (!senderTurn) {
            senderTurn = true;
            simulation.after(0, () -> {
                senderTurn = false;
                turnSender();
            });
        }
    }

    private void soonTurnReceiver() {
        if (!receiverTurn) {
            receiverTurn = true;
            simulation.after(0, () -> {
                receiverTurn = false;
                turnReceiver();
            });
        }
    }

    long nowNs() {
        return simulation.nowNs() + clockOffsetNs;
    }

    private boolean post(long header, DirectBuffer piece, int offset, int length) {
        UnsafeBuffer copy = copy(piece, offset, length);
        there.send(length, () -> atReceiver.run(simulation, () -> {
            receiver.onPiece(header, copy, 0, length, nowNs(), delivery);
            soonTurnReceiver();
        }));
        return true;
    }

    private boolean toReceiver(DirectBuffer message, int offset, int length) {
        UnsafeBuffer copy = copy(message, offset, length);
        there.send(length, () -> atReceiver.run(simulation, () -> {
            if (copy.getByte(0) == ControlType.RTT.code()) {
                receiverRtt.onMessage(copy, 0, length, nowNs());
            } else {
                receiver.onMessage(copy, 0, length, nowNs());
            }
            soonTurnReceiver();
        }));
        return true;
    }

    private boolean toSender(DirectBuffer message, int offset, int length) {
        UnsafeBuffer copy = copy(message, offset, length);
        back.send(length, () -> atSender.run(simulation, () -> {
            if (copy.getByte(0) == ControlType.RTT.code()) {
                senderRtt.onMessage(copy, 0, length, nowNs());
            } else {
                sender.onMessage(copy, 0, length, nowNs());
            }
            soonTurnSender();
        }));
        return true;
    }

    private static UnsafeBuffer copy(DirectBuffer from, int offset, int length) {
        byte[] bytes = new byte[length];
        from.getBytes(offset, bytes);
        return new UnsafeBuffer(bytes);
    }

    final Delivery delivery = new Delivery() {
        @Override
        public void deliver(long header, DirectBuffer piece, int offset, int length) {
            if (checking) {
                long index = piece.getLong(offset);
                if (resyncFrom >= 0 && index != delivered && index >= resyncFrom && index <= resyncTo) {
                    delivered = index;
                    resyncFrom = -1;
                }
                assertEquals(delivered, index, () -> name + ": next piece");
                assertEquals((byte) delivered, piece.getByte(offset + length - 1), () -> name + ": end of the piece");
                assertEquals(9 + (int) (delivered * 7919 % (PIECE - 9)), length, () -> name + ": length of the piece");
            }
            delivered++;
        }

        @Override
        public boolean isReady() {
            return ready;
        }
    };
}
