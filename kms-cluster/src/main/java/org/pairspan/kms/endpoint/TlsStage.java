package org.pairspan.kms.endpoint;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.BidiShape;
import org.apache.pekko.stream.Inlet;
import org.apache.pekko.stream.Outlet;
import org.apache.pekko.stream.stage.AbstractInHandler;
import org.apache.pekko.stream.stage.AbstractOutHandler;
import org.apache.pekko.stream.stage.GraphStage;
import org.apache.pekko.stream.stage.GraphStageLogic;
import org.apache.pekko.stream.stage.TimerGraphStageLogic;
import org.apache.pekko.util.ByteString;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS of the end that is connected to, as a stage of the connection's own stream. Pekko's is an actor between two streams, and each record
 * takes a message to it, one from it, and one more each way that asks for the next; and what it encrypts stays in its buffers.
 *
 * <p>Input that ends with the peer's farewell, or is not wanted any more, leaves the output open. A connection that ends without a farewell
 * was cut off, and fails. Output that ends is followed by TLS's farewell, output that fails breaks the connection off. Plain bytes that go
 * out are overwritten when they are encrypted. What is wrong with the peer's records is told to it before the connection ends. A peer that
 * does not take its last words in time is cut off: the stage is there as long as the connection is, and not much longer than it is needed.
 */
public final class TlsStage extends GraphStage<BidiShape<byte[], ByteString, ByteString, ByteString>> {

    /** Time that a peer has to take what is said to it last; it bounds how long a connection outlives its use. */
    static final Duration LAST_WORDS = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(TlsStage.class);

    private final Inlet<byte[]> plainIn = Inlet.create("plain.in");
    private final Outlet<ByteString> cipherOut = Outlet.create("cipher.out");
    private final Inlet<ByteString> cipherIn = Inlet.create("cipher.in");
    private final Outlet<ByteString> plainOut = Outlet.create("plain.out");
    private final Supplier<SSLEngine> engines;
    private final Consumer<SSLSession> established;
    private final Duration lastWords;

    /**
     * @param engines     makes the connection's engine
     * @param established told once, when the handshake is done, before any plain byte goes on; what it throws ends the connection
     */
    public TlsStage(Supplier<SSLEngine> engines, Consumer<SSLSession> established) {
        this(engines, established, LAST_WORDS);
    }

    /** As the other, with another time for the last words. */
    TlsStage(Supplier<SSLEngine> engines, Consumer<SSLSession> established, Duration lastWords) {
        this.engines = engines;
        this.established = established;
        this.lastWords = lastWords;
    }

    @Override
    public BidiShape<byte[], ByteString, ByteString, ByteString> shape() {
        return BidiShape.of(plainIn, cipherOut, cipherIn, plainOut);
    }

    @Override
    public GraphStageLogic createLogic(Attributes inherited) {
        return new Logic();
    }

    private final class Logic extends TimerGraphStageLogic {

        private TlsRecords tls;
        private boolean ending;

        /** What an event leads to. */
        private interface Step {
            void take() throws SSLException;
        }

        Logic() {
            super(TlsStage.this.shape());
            setHandler(plainIn, new AbstractInHandler() {
                @Override
                public void onPush() {
                    after(() -> tls.send(grab(plainIn)));
                }

                @Override
                public void onUpstreamFinish() {
                    after(tls::close);
                }
            });
            setHandler(cipherIn, new AbstractInHandler() {
                @Override
                public void onPush() {
                    after(() -> receive(grab(cipherIn)));
                }

                @Override
                public void onUpstreamFinish() {
                    goOn();
                }
            });
            setHandler(plainOut, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    goOn();
                }

                @Override
                public void onDownstreamFinish(Throwable cause) {
                    goOn();
                }
            });
            setHandler(cipherOut, new AbstractOutHandler() {
                @Override
                public void onPull() {
                    goOn();
                }

                @Override
                public void onDownstreamFinish(Throwable cause) {
                    cancel(plainIn, cause);
                    goOn();
                }
            });
        }

        @Override
        public void preStart() throws SSLException {
            tls = new TlsRecords(engines.get());
            pull(cipherIn);
        }

        private void receive(ByteString bytes) throws SSLException {
            boolean before = tls.isEstablished();
            tls.receive(bytes);
            if (!before && tls.isEstablished()) {
                established.accept(tls.session());
            }
        }

        private void after(Step step) {
            try {
                step.take();
                goOn();
            } catch (SSLException e) {
                end(e);
            }
        }

        /** Hands on what is ready, ends what has ended, asks for more where there is room for it. */
        private void goOn() {
            if (tls.hasRecords() && isAvailable(cipherOut)) {
                push(cipherOut, tls.takeRecords());
            }
            if (tls.hasPlain() && isAvailable(plainOut)) {
                push(plainOut, tls.takePlain());
            }
            if (isClosed(plainIn)) {
                beginToEnd();
            }
            if (tls.isInboundDone() && !tls.hasPlain()) {
                complete(plainOut);
            }
            if (!isClosed(cipherIn)) {
                ask();
            } else if (isClosed(plainOut) && isClosed(cipherOut)) {
                completeStage();
            } else if (!tls.isInboundDone() && (isClosed(plainOut) || !tls.hasPlain())) {
                failStage(new SSLException("the peer hung up without a farewell"));
            } else {
                ask();
            }
        }

        private void beginToEnd() {
            // Who asks for more has taken all. A connection that ends before has nobody who knows whether its last words were heard.
            if (!tls.hasRecords() && isAvailable(cipherOut)) {
                complete(cipherOut);
            }
            if (!ending) {
                ending = true;
                scheduleOnce(lastWords, lastWords);
            }
        }

        @Override
        public void onTimer(Object key) {
            failStage(new SSLException("the peer does not take its last words"));
        }

        private void ask() {
            if (tls.isEstablished() && !tls.hasRecords() && isAvailable(cipherOut) && !isClosed(plainIn) && !hasBeenPulled(plainIn)) {
                pull(plainIn);
            }
            // Who does not read what its own records make the engine answer, such as updates of keys, is not heard either.
            boolean wanted = !tls.hasRecords() && (!tls.isEstablished() || isAvailable(plainOut));
            if (wanted && !tls.hasPlain() && !isClosed(cipherIn) && !hasBeenPulled(cipherIn)) {
                pull(cipherIn);
            }
        }

        private void end(SSLException failure) {
            try {
                tls.close();
            } catch (SSLException e) {
                LOG.trace("no more to say to the peer", e);
            }
            fail(plainOut, failure);
            cancel(plainIn, failure);
            goOn();
        }
    }
}
