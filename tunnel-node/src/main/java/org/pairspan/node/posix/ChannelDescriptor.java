package org.pairspan.node.posix;

import java.lang.reflect.Method;
import java.nio.channels.DatagramChannel;

/** The descriptor beneath a channel of the JDK, for calls the JDK does not offer. Needs {@code --add-opens java.base/sun.nio.ch}. */
public final class ChannelDescriptor {
    private ChannelDescriptor() {
    }

    /**
     * The descriptor of {@code channel}, which stays the channel's own: valid while it is open, never to be closed by the caller.
     *
     * @throws IllegalStateException where the JVM was not started with the flag above
     */
    public static int of(DatagramChannel channel) {
        try {
            Method descriptor = Class.forName("sun.nio.ch.SelChImpl").getMethod("getFDVal");
            descriptor.setAccessible(true);
            return (int) descriptor.invoke(channel);
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new IllegalStateException(
                "the descriptor of a datagram channel is out of reach; start Java with --add-opens java.base/sun.nio.ch=ALL-UNNAMED",
                e);
        }
    }
}
