package org.pairspan.kms.endpoint;

import java.nio.ByteBuffer;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.apache.pekko.util.ByteString;

/**
 * What a connection says in plain bytes, and the TLS records it says it in. Takes bytes as they come; what it has made of them waits until
 * it is taken. Used by one thread.
 */
final class TlsRecords {

    /** Plaintext of one record, bytes (RFC 8446, 5.1). */
    private static final int MAX_PLAINTEXT = 16_384;
    /** More than header, content type and tag take. */
    private static final int OVERHEAD = 64;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SSLEngine engine;
    private ByteString unread = ByteString.emptyByteString();
    private ByteString plain = ByteString.emptyByteString();
    private ByteString records = ByteString.emptyByteString();
    private boolean established;

    /** @param engine of the end that is connected to, not used yet */
    TlsRecords(SSLEngine engine) throws SSLException {
        this.engine = engine;
        engine.beginHandshake();
    }

    /** Bytes of the connection. What is no whole record yet waits for the rest. */
    void receive(ByteString bytes) throws SSLException {
        unread = unread.concat(bytes);
        boolean goesOn = true;
        while (goesOn) {
            goesOn = switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> runTasks();
                case NEED_WRAP -> wrap(NOTHING).bytesProduced() > 0;
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN, NOT_HANDSHAKING, FINISHED -> !unread.isEmpty() && unwrap();
            };
        }
    }

    /**
     * Plain bytes for the peer; only once the handshake is done. What comes after the peer's farewell is lost.
     *
     * @param bytes overwritten when this returns: there may be keys in them
     */
    void send(byte[] bytes) throws SSLException {
        ByteBuffer source = ByteBuffer.wrap(bytes);
        Status status = Status.OK;
        try {
            while (source.hasRemaining() && status == Status.OK) {
                SSLEngineResult result = wrap(source);
                if (result.getStatus() == Status.OK && result.bytesConsumed() == 0) {
                    throw new SSLException("the TLS engine takes nothing");
                }
                status = result.getStatus();
            }
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /** Says farewell; nothing can be sent afterwards. */
    void close() throws SSLException {
        if (established) {
            engine.closeOutbound();
            flush();
        }
    }

    /** What the engine still has to say, such as why it has failed. */
    void flush() throws SSLException {
        boolean goesOn = !engine.isOutboundDone();
        while (goesOn) {
            goesOn = wrap(NOTHING).bytesProduced() > 0 && !engine.isOutboundDone();
        }
    }

    private boolean runTasks() {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
        return true;
    }

    /** @return whether that led to anything */
    private boolean unwrap() throws SSLException {
        ByteBuffer source = unread.asByteBuffer();
        // No record holds more than it is long itself.
        ByteBuffer target = ByteBuffer.allocate(Math.min(source.remaining(), MAX_PLAINTEXT));
        SSLEngineResult result = engine.unwrap(source, target);
        if (result.getStatus() == Status.BUFFER_OVERFLOW) {
            target = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
            result = engine.unwrap(source, target);
        }
        unread = unread.drop(result.bytesConsumed());
        plain = with(plain, target);
        notice(result);
        return result.bytesConsumed() > 0 || result.bytesProduced() > 0;
    }

    private SSLEngineResult wrap(ByteBuffer source) throws SSLException {
        int packet = engine.getSession().getPacketBufferSize();
        ByteBuffer target = ByteBuffer.allocate(established ? Math.min(packet, source.remaining() + OVERHEAD) : packet);
        SSLEngineResult result = engine.wrap(source, target);
        if (result.getStatus() == Status.BUFFER_OVERFLOW) {
            target = ByteBuffer.allocate(packet);
            result = engine.wrap(source, target);
        }
        records = with(records, target);
        notice(result);
        return result;
    }

    private void notice(SSLEngineResult result) {
        if (result.getHandshakeStatus() == HandshakeStatus.FINISHED) {
            established = true;
        }
    }

    private static ByteString with(ByteString before, ByteBuffer filled) {
        return filled.position() == 0 ? before : before.concat(ByteString.fromArrayUnsafe(filled.array(), 0, filled.position()));
    }

    /** Whether the handshake is done. */
    boolean isEstablished() {
        return established;
    }

    /** Whether the peer has said farewell, or the engine has failed. */
    boolean isInboundDone() {
        return engine.isInboundDone();
    }

    SSLSession session() {
        return engine.getSession();
    }

    boolean hasPlain() {
        return !plain.isEmpty();
    }

    /** All plain bytes that came. */
    ByteString takePlain() {
        ByteString taken = plain;
        plain = ByteString.emptyByteString();
        return taken;
    }

    boolean hasRecords() {
        return !records.isEmpty();
    }

    /** All records that are to go out. */
    ByteString takeRecords() {
        ByteString taken = records;
        records = ByteString.emptyByteString();
        return taken;
    }
}
