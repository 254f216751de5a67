package org.pairspan.protocol.session;

import java.util.concurrent.TimeUnit;
import org.pairspan.protocol.alert.Alert;
import org.pairspan.protocol.alert.AlertCode;
import org.pairspan.protocol.control.ControlType;
import org.pairspan.protocol.wire.DropCounters;
import org.pairspan.protocol.wire.DropReason;
import org.pairspan.protocol.wire.TokenBucket;

/**
 * Which control messages of a peer are taken, and what becomes of the others. A member may be hostile: each message costs work, so more than
 * any honest peer sends are dropped. Acknowledgements pass, because an honest peer sends many and each costs little more than payload.
 */
final class ControlRouter {
    /** An exchange of keys, the largest burst of an honest peer, takes some ten messages. */
    private static final int BURST = 256;
    private static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final TokenBucket bucket;
    private final Alert alert;
    private final DropCounters drops;

    ControlRouter(Alert alert, DropCounters drops, long nowNs) {
        this.bucket = new TokenBucket(BURST, INTERVAL_NS, nowNs);
        this.alert = alert;
        this.drops = drops;
    }

    /** The type of a message that is to be taken; null when it is dropped. */
    ControlType admit(byte code, long nowNs) {
        ControlType type = ControlType.ofCode(code);
        if (type == ControlType.ACKNOWLEDGEMENT) {
            return type;
        }
        if (!bucket.take(nowNs)) {
            drops.increment(DropReason.CONTROL_FLOOD);
            if (type != ControlType.ALERT) {
                alert.raise(AlertCode.RESOURCE_LIMIT);
            }
            return null;
        }
        if (type == null) {
            onMalformed(null);
        }
        return type;
    }

    /** A message was not what its type asks for. */
    void onMalformed(ControlType type) {
        drops.increment(DropReason.CONTROL_MALFORMED);
        if (type != ControlType.ALERT) {
            alert.raise(AlertCode.UNEXPECTED_MESSAGE);
        }
    }
}
