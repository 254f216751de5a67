package org.pairspan.kms.endpoint;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;

/**
 * Connections that have not shown a certificate yet. They cost memory and a handshake, and anybody can open them: so many may there be
 * of one source address (of IPv6: one /64), and so many in all, that a flood of them leaves room for members. Any thread.
 */
public final class Strangers {
    private final int most;
    private final int mostOfOneAddress;
    private final Map<String, Integer> byNetwork = new HashMap<>();
    private int total;

    /**
     * @param most             in all, from 1
     * @param mostOfOneAddress from 1
     */
    public Strangers(int most, int mostOfOneAddress) {
        this.most = most;
        this.mostOfOneAddress = mostOfOneAddress;
    }

    /** Counts one more, unless there are too many; each that was admitted must {@link #leave} once. */
    public synchronized boolean admit(InetAddress address) {
        String network = SourceNetwork.of(address);
        int ofNetwork = byNetwork.getOrDefault(network, 0);
        if (total >= most || ofNetwork >= mostOfOneAddress) {
            return false;
        }
        byNetwork.put(network, ofNetwork + 1);
        total++;
        return true;
    }

    /** One has shown who it is, or is gone. */
    public synchronized void leave(InetAddress address) {
        byNetwork.computeIfPresent(SourceNetwork.of(address), (same, count) -> count == 1 ? null : Integer.valueOf(count - 1));
        total--;
    }
}
