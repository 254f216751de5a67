package org.pairspan.node.keyring;

import java.util.function.Consumer;
import org.agrona.concurrent.OneToOneConcurrentArrayQueue;

/** The bounded way from the data thread to the control thread. One thread puts, one takes. */
final class DemandQueue implements KeyDemand {
    /** What the data thread asked. */
    sealed interface Demand {
        /** See {@link KeyDemand#peerOf}. */
        record PeerOf(byte[] address) implements Demand {
        }

        /** See {@link KeyDemand#peerNumbered}. */
        record PeerNumbered(int number) implements Demand {
        }

        /** See {@link KeyDemand#renew}. */
        record Renew(int peerNumber, long aboveGeneration) implements Demand {
        }

        /** See {@link KeyDemand#left}. */
        record Left(int peerNumber, long generation) implements Demand {
        }
    }

    static final int CAPACITY = 1024;

    private final OneToOneConcurrentArrayQueue<Demand> queue = new OneToOneConcurrentArrayQueue<>(CAPACITY);
    private final Runnable wakeUp;

    /** @param wakeUp lets the control thread look; must not block. */
    DemandQueue(Runnable wakeUp) {
        this.wakeUp = wakeUp;
    }

    @Override
    public boolean peerOf(byte[] address) {
        return offer(new Demand.PeerOf(address.clone()));
    }

    @Override
    public boolean peerNumbered(int number) {
        return offer(new Demand.PeerNumbered(number));
    }

    @Override
    public boolean renew(int peerNumber, long aboveGeneration) {
        return offer(new Demand.Renew(peerNumber, aboveGeneration));
    }

    @Override
    public boolean left(int peerNumber, long generation) {
        return offer(new Demand.Left(peerNumber, generation));
    }

    int drain(Consumer<Demand> consumer) {
        return queue.drain(consumer, CAPACITY);
    }

    private boolean offer(Demand demand) {
        if (!queue.offer(demand)) {
            return false;
        }
        wakeUp.run();
        return true;
    }
}
