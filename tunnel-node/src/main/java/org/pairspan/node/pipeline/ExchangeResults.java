package org.pairspan.node.pipeline;

import java.util.function.Consumer;
import org.agrona.concurrent.NanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.pairspan.node.association.PeerAssociations;
import org.pairspan.node.association.SecurityAssociationDatabase;
import org.pairspan.node.bearer.Bearer;
import org.pairspan.node.handshake.ExchangeOutcome;
import org.pairspan.protocol.handshake.EpochKeys;

/** Brings what comes of key exchanges to the data thread. Called on the thread of the exchanges. */
final class ExchangeResults implements ExchangeOutcome {
    private final Consumer<Command> commands;
    private final SecurityAssociationDatabase associations;
    private final PeerDirectory peers;
    private final Bearer bearer;
    private final NanoClock clock;

    /**
     * @param commands     has the data thread do something, or refuses it.
     * @param associations that take the keys.
     * @param peers        told of exchanges that gave none.
     * @param bearer       that sends messages.
     * @param clock        the data thread's.
     */
    ExchangeResults(Consumer<Command> commands, SecurityAssociationDatabase associations, PeerDirectory peers, Bearer bearer,
            NanoClock clock) {
        this.commands = commands;
        this.associations = associations;
        this.peers = peers;
        this.bearer = bearer;
        this.clock = clock;
    }

    @Override
    public void send(int peerNumber, byte[] message) {
        commands.accept(Command.of(() -> {
            PeerAssociations peer = associations.peer(peerNumber);
            if (peer != null) {
                bearer.sendControl(peer, new UnsafeBuffer(message), 0, message.length, clock.nanoTime());
            }
        }, () -> {
            // As good as lost on the way: it is sent again.
        }));
    }

    @Override
    public void completed(int peerNumber, long generation, EpochKeys keys) {
        commands.accept(Command.of(() -> associations.installEpoch(peerNumber, generation, keys, clock.nanoTime()), keys::destroy));
    }

    @Override
    public void failed(int peerNumber, long generation, int epoch) {
        commands.accept(Command.of(() -> {
            PeerTunnel tunnel = peers.tunnel(peerNumber);
            if (tunnel != null) {
                tunnel.protocols().onExchangeFailed(generation, epoch, clock.nanoTime());
            }
        }, () -> {
            // It shows by the keys that do not come.
        }));
    }
}
