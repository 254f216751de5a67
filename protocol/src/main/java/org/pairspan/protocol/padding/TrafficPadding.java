package org.pairspan.protocol.padding;

import org.pairspan.protocol.wire.Counter;

/**
 * The padding of what goes to one peer. Whoever sends asks how long a plaintext is to be made and how many datagrams may go now, and says
 * what went; dummies fill what is left of a constant rate.
 *
 * <p>One thread, except where said otherwise; times are nanoseconds of one monotonic clock.
 */
public final class TrafficPadding {
    /** How many intervals a thread that came late makes up for at once; what it missed beyond that is left out. */
    static final int MOST_AT_ONCE = 16;
    /** How many intervals messages that can't wait may go ahead of the rate. */
    static final int MOST_AHEAD = 64;

    private PaddingSettings settings;
    private final Counter paddingBytes = new Counter();
    private final Counter dummies = new Counter();
    private final Counter dummyBytes = new Counter();
    private boolean constantRate;
    private int capacity;
    private long slotNs;

    /**
     * Padding that begins now.
     *
     * @param settings how.
     * @param capacity the largest plaintext, without the ESP trailer, that the path takes, in bytes.
     * @param nowNs    the time.
     */
    public TrafficPadding(PaddingSettings settings, int capacity, long nowNs) {
        this.settings = settings;
        this.capacity = capacity;
        this.constantRate = settings.mode() == PaddingMode.CONSTANT_RATE;
        this.slotNs = nowNs;
    }

    /** Pads in another way from now on. */
    public void change(PaddingSettings newer, long nowNs) {
        if (!newer.equals(settings)) {
            settings = newer;
            constantRate = newer.mode() == PaddingMode.CONSTANT_RATE;
            slotNs = nowNs;
        }
    }

    /** The path takes plaintexts of another length from now on. */
    public void capacity(int largestPlaintext) {
        capacity = largestPlaintext;
    }

    /** Whether anything is padded at all. */
    public boolean isOn() {
        return settings.mode() != PaddingMode.NONE;
    }

    /**
     * The length to which a plaintext is to be filled with zeros.
     *
     * @param plaintextLength of what there is to send, without the ESP trailer, in bytes.
     * @return that length, or more; never more than the path takes, unless it was more.
     */
    public int padTo(int plaintextLength) {
        int wanted = switch (settings.mode()) {
            case NONE -> plaintextLength;
            case MULTIPLE -> (plaintextLength + settings.multiple() - 1) / settings.multiple() * settings.multiple();
            case FULL, CONSTANT_RATE -> capacity;
        };
        return Math.max(plaintextLength, Math.min(wanted, capacity));
    }

    /**
     * How many datagrams of payload may go now.
     *
     * @return 0 to {@value #MOST_AT_ONCE} at a constant rate, else {@link Integer#MAX_VALUE}.
     */
    public int budget(long nowNs) {
        return constantRate ? slotsDue(nowNs) : Integer.MAX_VALUE;
    }

    /**
     * A datagram went, within the budget or, where it could not wait, ahead of it: then the next ones go later.
     *
     * @param plaintextLength before padding.
     * @param paddedLength    after.
     */
    public void onSent(int plaintextLength, int paddedLength, long nowNs) {
        paddingBytes.add(paddedLength - plaintextLength);
        if (constantRate) {
            takeSlot(nowNs);
        }
    }

    /**
     * Fills what is left of a constant rate. Call after payload had its turn.
     *
     * @param nowNs the time.
     * @param sink  for dummies.
     * @return how many were sent.
     */
    public int doWork(long nowNs, DummySink sink) {
        if (!constantRate || nowNs - slotNs < 0) {
            return 0;
        }
        int sent = 0;
        for (int due = slotsDue(nowNs); due > 0; due--) {
            takeSlot(nowNs);
            if (sink.sendDummy(capacity)) {
                sent++;
                dummies.increment();
                dummyBytes.add(capacity);
            }
        }
        return sent;
    }

    /** Nanoseconds until {@link #doWork} has something to send; {@link Long#MAX_VALUE} where it never has. */
    public long dueInNs(long nowNs) {
        return constantRate ? Math.max(0, slotNs - nowNs) : Long.MAX_VALUE;
    }

    /** Bytes added to datagrams that carry something. Any thread. */
    public long paddingBytes() {
        return paddingBytes.get();
    }

    /** Dummy packets sent. Any thread. */
    public long dummies() {
        return dummies.get();
    }

    /** Plaintext bytes of the dummy packets sent. Any thread. */
    public long dummyBytes() {
        return dummyBytes.get();
    }

    private int slotsDue(long nowNs) {
        long late = nowNs - slotNs;
        return late < 0 ? 0 : (int) Math.min(MOST_AT_ONCE, late / settings.intervalNs() + 1);
    }

    private void takeSlot(long nowNs) {
        long interval = settings.intervalNs();
        long earliest = nowNs - (MOST_AT_ONCE - 1) * interval;
        long latest = nowNs + MOST_AHEAD * interval;
        long from = slotNs - earliest < 0 ? earliest : slotNs;
        slotNs = from + interval - latest > 0 ? latest : from + interval;
    }
}
