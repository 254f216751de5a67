package org.pairspan.cli.lab.traffic;

import org.pairspan.cli.lab.LabException;
import org.pairspan.cli.lab.Namespace;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;

/** Sends every datagram back to where it came from. */
public final class UdpEcho implements AutoCloseable {

    private final DatagramChannel channel;
    private volatile IOException failure;

    private UdpEcho(DatagramChannel channel) {
        this.channel = channel;
    }

    /** Listens at an address of the namespace. */
    public static UdpEcho start(Namespace namespace, InetSocketAddress address) {
        final UdpEcho echo = new UdpEcho(namespace.call(() -> DatagramChannel.open().bind(address)));
        namespace.start("echo", echo::run);
        return echo;
    }

    private void run() {
        final ByteBuffer datagram = ByteBuffer.allocateDirect(65_536);
        try {
            while (true) {
                datagram.clear();
                final var sender = channel.receive(datagram);
                channel.send(datagram.flip(), sender);
            }
        } catch (ClosedChannelException e) {
            // That is how close() ends the loop.
            return;
        } catch (IOException e) {
            failure = e;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
        if (failure != null) {
            throw new LabException("the echo ended early: " + failure.getMessage(), failure);
        }
    }
}
