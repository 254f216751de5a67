package org.pairspan.node.observe;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.agrona.concurrent.NanoClock;
import org.pairspan.runtime.jmx.ManagedBeans;

/** Keeps one bean for each peer that there is. One thread at a time. */
final class PeerBeans {
    private record Shown(PeerTelemetry telemetry, ManagedBeans.Registration registration) {
    }

    private final ManagedBeans beans;
    private final NanoClock clock;
    private final Map<String, Shown> shown = new HashMap<>();

    PeerBeans(ManagedBeans beans, NanoClock clock) {
        this.beans = beans;
        this.clock = clock;
    }

    /** Shows exactly these peers from now on. */
    void show(List<? extends PeerTelemetry> peers) {
        Set<String> gone = new HashSet<>(shown.keySet());
        for (PeerTelemetry peer : peers) {
            gone.remove(peer.id());
            Shown before = shown.get(peer.id());
            if (before == null || before.telemetry() != peer) {
                hide(peer.id());
                shown.put(peer.id(), new Shown(peer, beans.register(new PeerBean(peer, clock), "Peer", peer.id())));
            }
        }
        gone.forEach(this::hide);
    }

    private void hide(String id) {
        Shown before = shown.remove(id);
        if (before != null) {
            before.registration().close();
        }
    }
}
