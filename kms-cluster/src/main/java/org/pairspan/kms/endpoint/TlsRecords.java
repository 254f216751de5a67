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
 * it is taken, in no more than twice the memory that it needs, however small the peer's records and segments are. Used by one thread.
 */
final class TlsRecords {

    /** Records in a row that bring no plain byte, such as updates of keys: each costs work, and no peer has a use for more. */
    static final int MOST_EMPTY = 32;

    /** More than header, content type and tag take, of an update of keys as well. */
    private static final int OVERHEAD = 64;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SSLEngine engine;
    /** The beginning of a record whose rest has not come; filled up to its position. */
    private ByteBuffer unread = NOTHING;
    private ByteBuffer target = NOTHING;
    private ByteString plain = ByteString.emptyByteString();
    private ByteString records = ByteString.emptyByteString();
    private boolean established;
    private int empty;

    /** @param engine of the end that is connected to, not used yet */
    TlsRecords(SSLEngine engine) throws SSLException {
        this.engine = engine;
        engine.beginHandshake();
    }

    /** Bytes of the connection. What is no whole record yet waits for the rest; what comes after the end of the peer's words is dropped. */
    void receive(ByteString bytes) throws SSLException {
        ByteBuffer source = bytes.asByteBuffer();
        if (unread.position() > 0) {
            source = unreadAnd(source);
        }
        try {
            read(source);
        } finally {
            keep(source);
            plain = with(plain, target);
            target = NOTHING;
        }
    }

    private void read(ByteBuffer source) throws SSLException {
        boolean goesOn = true;
        while (goesOn) {
            goesOn = switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> runTasks();
                case NEED_WRAP -> wrap(NOTHING).bytesProduced() > 0;
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN, NOT_HANDSHAKING, FINISHED -> source.hasRemaining() && unwrap(source);
            };
        }
    }

    private ByteBuffer unreadAnd(ByteBuffer more) {
        if (unread.remaining() < more.remaining()) {
            int whole = unread.position() + more.remaining();
            unread = ByteBuffer.allocate(Math.max(whole, 2 * unread.capacity())).put(unread.flip());
        }
        return unread.put(more).flip();
    }

    private void keep(ByteBuffer rest) {
        if (!rest.hasRemaining() || engine.isInboundDone()) {
            unread = NOTHING;
        } else {
            unread = rest == unread ? unread.compact() : ByteBuffer.allocate(rest.remaining()).put(rest);
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

    /** Says farewell, or why the engine has failed; nothing can be sent or received afterwards. */
    void close() throws SSLException {
        engine.closeOutbound();
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
    private boolean unwrap(ByteBuffer source) throws SSLException {
        boolean before = established;
        SSLEngineResult result = engine.unwrap(source, target);
        if (result.getStatus() == Status.BUFFER_OVERFLOW) {
            // No record holds more than it is long itself: there is room for all that has come.
            plain = with(plain, target);
            target = ByteBuffer.allocate(source.remaining());
            result = engine.unwrap(source, target);
        }
        if (result.getStatus() == Status.BUFFER_OVERFLOW) {
            throw new SSLException("the TLS engine wants more room than a record is long");
        }
        notice(result);
        if (result.bytesConsumed() > 0) {
            empty = before && result.bytesProduced() == 0 ? empty + 1 : 0;
        }
        if (empty > MOST_EMPTY) {
            throw new SSLException("more than " + MOST_EMPTY + " records in a row bring nothing");
        }
        // A failure within the handshake is told by the next wrap, and nothing may have been consumed.
        return result.bytesConsumed() > 0 || result.bytesProduced() > 0 || result.getHandshakeStatus() == HandshakeStatus.NEED_WRAP;
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

    /** Keeps the array where it is half full at least; one that waits must not hold much more memory than it brings bytes. */
    private static ByteString with(ByteString before, ByteBuffer filled) {
        int length = filled.position();
        if (length == 0) {
            return before;
        }
        byte[] bytes = 2 * length < filled.capacity() ? Arrays.copyOf(filled.array(), length) : filled.array();
        return before.concat(ByteString.fromArrayUnsafe(bytes, 0, length));
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
