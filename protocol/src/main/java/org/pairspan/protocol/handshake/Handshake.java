package org.pairspan.protocol.handshake;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.crypto.TlsCrypto;
import org.pairspan.protocol.association.PreSharedKey;
import org.pairspan.protocol.association.Spi;
import org.pairspan.protocol.control.ControlSink;
import org.pairspan.protocol.wire.DropReason;

/**
 * One end of the key exchanges of one generation, one exchange at a time (PS-1). The client begins an attempt; the server follows a newer
 * attempt of the client and forgets the one before. TLS takes milliseconds and allocates: not for a data thread. One thread; times are
 * nanoseconds of one monotonic clock.
 */
public final class Handshake implements AutoCloseable {
    /** How long an attempt may take. */
    public static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(10);

    /** How far the latest attempt is. */
    public enum State {
        /** No attempt has been made. */
        IDLE,
        /** TLS is under way. */
        FLIGHTS,
        /** TLS is complete and the keys are there, but what was said last is not acknowledged: the other end may lack it. */
        CONFIRMING,
        /** Both ends have the keys, as far as this one knows. */
        DONE,
        /** The attempt was given up, here or at the other end. */
        FAILED
    }

    private final TlsCrypto crypto;
    private final HandshakeParameters parameters;
    private final PreSharedKey key;
    private final MutableDirectBuffer message = new UnsafeBuffer(new byte[HandshakeMessage.MAX_LENGTH]);
    private State state = State.IDLE;
    private int epoch;
    private int attempt;
    private int newestEpoch;
    private long startedAtNs;
    private String failure = "";
    private boolean abortDue;
    private HandshakeStream stream = new HandshakeStream();
    private TlsExchange tls;
    private EpochKeys keys;

    /**
     * @param key taken over; destroyed with this.
     */
    public Handshake(TlsCrypto crypto, HandshakeParameters parameters, PreSharedKey key) {
        this.crypto = crypto;
        this.parameters = parameters;
        this.key = key;
    }

    /**
     * Begins an attempt; one that is under way is given up.
     *
     * @param forEpoch 1 to 127, above every epoch this end has keys of.
     * @throws IllegalStateException at a server, which never begins.
     */
    public void start(int forEpoch, long nowNs) {
        if (!parameters.isClient()) {
            throw new IllegalStateException("the server of a key exchange waits for its client");
        }
        if (forEpoch <= newestEpoch || forEpoch > Spi.MAX_EPOCH) {
            throw new IllegalArgumentException("an exchange after epoch " + newestEpoch + " is for a later one up to " + Spi.MAX_EPOCH
                + ", not for " + forEpoch);
        }
        begin(forEpoch, attempt + 1, nowNs);
        step(() -> { }, nowNs);
    }

    /**
     * Whether this message would make the server begin an attempt, which costs it a public-key operation. For whoever limits the rate.
     */
    public boolean begins(DirectBuffer data, int offset, int length) {
        return HandshakeMessage.isWellFormed(data, offset, length) && !parameters.isClient()
            && HandshakeMessage.generation(data, offset) == parameters.generation()
            && HandshakeMessage.attempt(data, offset) > attempt
            && HandshakeMessage.epoch(data, offset) > newestEpoch
            && !HandshakeMessage.isAbort(data, offset)
            && HandshakeMessage.acknowledged(data, offset) == 0;
    }

    /**
     * Takes a message of the other end.
     *
     * @return why it was dropped; null when it was not.
     */
    public DropReason onMessage(DirectBuffer data, int offset, int length, long nowNs) {
        if (!HandshakeMessage.isWellFormed(data, offset, length)) {
            return DropReason.CONTROL_MALFORMED;
        }
        if (begins(data, offset, length)) {
            begin(HandshakeMessage.epoch(data, offset), HandshakeMessage.attempt(data, offset), nowNs);
        }
        boolean ours = state != State.IDLE && HandshakeMessage.generation(data, offset) == parameters.generation()
            && HandshakeMessage.attempt(data, offset) == attempt && HandshakeMessage.epoch(data, offset) == epoch;
        if (!ours) {
            return DropReason.HANDSHAKE_STALE;
        }
        if (HandshakeMessage.isAbort(data, offset)) {
            if (state == State.FLIGHTS) {
                fail("the other end has given up");
            }
            return null;
        }
        if (state == State.FAILED) {
            abortDue = true;
            return null;
        }
        if (!stream.onMessage(data, offset, length, nowNs)) {
            return DropReason.CONTROL_MALFORMED;
        }
        if (state == State.FLIGHTS) {
            byte[] bytes = stream.read();
            step(() -> tls.input(bytes, 0, bytes.length), nowNs);
        } else {
            stream.read();
        }
        if (state == State.CONFIRMING && stream.isAcknowledged()) {
            finish();
        }
        return null;
    }

    /**
     * Sends what is due and gives up what takes too long.
     *
     * @return how many messages were sent.
     */
    public int doWork(long nowNs, ControlSink sink) {
        if (state == State.FLIGHTS && nowNs - startedAtNs >= PATIENCE_NS) {
            fail("it has not come to an end in " + TimeUnit.NANOSECONDS.toSeconds(PATIENCE_NS) + " s");
            abortDue = true;
        }
        if (state == State.CONFIRMING && nowNs - startedAtNs >= PATIENCE_NS) {
            finish();
        }
        if (abortDue) {
            abortDue = false;
            HandshakeMessage.write(message, HandshakeMessage.FLAG_ABORT, epoch, attempt, parameters.generation(), 0, 0);
            sink.send(message, 0, HandshakeMessage.HEADER_LENGTH);
            return 1;
        }
        int work = 0;
        boolean speaks = state == State.FLIGHTS || state == State.CONFIRMING || state == State.DONE;
        while (speaks && stream.isDue(nowNs)) {
            HandshakeMessage.write(message, 0, epoch, attempt, parameters.generation(), stream.nextOffset(nowNs),
                stream.nextAcknowledged());
            int length = stream.fill(message, nowNs);
            sink.send(message, 0, HandshakeMessage.HEADER_LENGTH + length);
            work++;
        }
        return work;
    }

    /** Something that TLS does. */
    private interface Step {
        void run() throws IOException;
    }

    private void begin(int forEpoch, int number, long nowNs) {
        dropTls();
        state = State.FLIGHTS;
        epoch = forEpoch;
        attempt = number;
        startedAtNs = nowNs;
        failure = "";
        abortDue = false;
        stream = new HandshakeStream();
    }

    private void step(Step step, long nowNs) {
        try {
            if (tls == null) {
                tls = new TlsExchange(crypto, parameters, epoch, key);
            }
            step.run();
            if (!stream.write(tls.output())) {
                fail("it has grown too long");
            } else if (tls.isComplete()) {
                complete();
            }
        } catch (TlsFatalAlert e) {
            fail(e.getMessage());
            abortDue = true;
        } catch (IOException | RuntimeException e) {
            // The library throws either for what the other end said; a member may say anything and harm nothing but this attempt.
            fail(e.toString());
            abortDue = true;
        }
    }

    private void complete() {
        dropKeys();
        keys = tls.takeKeys();
        newestEpoch = epoch;
        state = State.CONFIRMING;
        dropTls();
        if (stream.isAcknowledged()) {
            finish();
        }
    }

    private void finish() {
        state = State.DONE;
        stream.finish();
    }

    private void fail(String reason) {
        state = State.FAILED;
        failure = reason;
        dropTls();
        stream = new HandshakeStream();
    }

    /** The keys of the attempt that was completed last, which are the caller's from now on; null when there are none, or no more. */
    public EpochKeys takeKeys() {
        EpochKeys taken = keys;
        keys = null;
        return taken;
    }

    /** Where the latest attempt stands; {@link State#FAILED} for good after {@link #close()}. */
    public State state() {
        return state;
    }

    /** The epoch of the latest attempt; 0 before the first. */
    public int epoch() {
        return epoch;
    }

    /** The number of the latest attempt in this generation; 0 before the first. */
    public int attempt() {
        return attempt;
    }

    /** The newest epoch that this end has made keys of; 0 while it has made none. */
    public int newestEpoch() {
        return newestEpoch;
    }

    /** When the latest attempt began. */
    public long startedAtNs() {
        return startedAtNs;
    }

    /** Why the latest attempt has failed, without a secret; empty when it has not. */
    public String failure() {
        return failure;
    }

    /** What this end was made with. */
    public HandshakeParameters parameters() {
        return parameters;
    }

    private void dropTls() {
        if (tls != null) {
            tls.destroy();
            tls = null;
        }
    }

    private void dropKeys() {
        if (keys != null) {
            keys.destroy();
            keys = null;
        }
    }

    /** Wipes every secret; no attempt can follow. */
    @Override
    public void close() {
        dropTls();
        dropKeys();
        key.destroy();
        state = State.FAILED;
    }
}
