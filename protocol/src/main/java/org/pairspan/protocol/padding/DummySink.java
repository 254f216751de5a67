package org.pairspan.protocol.padding;

/** Sends dummy packets (RFC 4303 section 2.6, next header 59), which the peer drops in silence. */
@FunctionalInterface
public interface DummySink {
    /**
     * Sends one dummy packet.
     *
     * @param plaintextLength of it, without the ESP trailer, in bytes.
     * @return whether it was given to the network.
     */
    boolean sendDummy(int plaintextLength);
}
