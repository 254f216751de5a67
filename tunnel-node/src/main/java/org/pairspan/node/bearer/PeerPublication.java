package org.pairspan.node.bearer;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.exceptions.RegistrationException;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;

/**
 * Our stream to one peer: an Aeron publication, which is made again where it could not be made or has ended. Where the peer needs
 * terms of another length, a second one is made beside it, and takes over once the peer has it, so that nothing waits. Owned by the data
 * thread.
 */
final class PeerPublication implements AutoCloseable {
    /** How long our stream waits after it could not be made, for want of memory. */
    private static final long PAUSE_NS = TimeUnit.SECONDS.toNanos(1);
    /** How long a stream that is to take over waits for the peer, which may have had no memory for it. */
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(10);

    private final Aeron aeron;
    private final BearerParts parts;
    private final PeerPath path;
    private final String channel;
    private final TermLength terms;
    private Making current;
    private ExclusivePublication publication;
    private boolean refused;
    private long refusedAtNs;
    /** Null while the stream keeps its terms. */
    private Making successor;
    private long successorSinceNs;

    /** What was asked of the driver. */
    private record Making(long registrationId, int termLength) {
    }

    PeerPublication(Aeron aeron, BearerParts parts, PeerPath path) {
        this.aeron = aeron;
        this.parts = parts;
        this.path = path;
        this.channel = Bearer.channel(path.label);
        this.terms = new TermLength(parts.settings().termLength());
        this.current = make(terms.bytes());
    }

    private Making make(int termLength) {
        return new Making(aeron.asyncAddExclusivePublication(channel + "|term-length=" + termLength, path.peer.ownNumber()), termLength);
    }

    /** Null until the driver has made it. Where it can't, it tells its error handler, and the stream is tried again. */
    ExclusivePublication get() {
        if (publication == null) {
            if (refused && parts.clock().nanoTime() - refusedAtNs >= PAUSE_NS) {
                refused = false;
                current = make(terms.bytes());
            }
            if (!refused) {
                publication = made();
            }
        }
        return publication;
    }

    private ExclusivePublication made() {
        try {
            return aeron.getExclusivePublication(current.registrationId());
        } catch (RegistrationException e) {
            refused = true;
            refusedAtNs = parts.clock().nanoTime();
            return null;
        }
    }

    /** Replaces the stream by a new one, with positions from the start. */
    void renew() {
        close();
        refused = false;
        current = make(terms.bytes());
    }

    /** Gives the stream the terms that the path to the peer asks for. A few times a second, and not in a turn of the driver. */
    void followPath(long nowNs) {
        if (successor != null) {
            takeOver(nowNs);
            return;
        }
        int wanted = terms.wanted(path.peer.roundTripNs(), path.granted, nowNs);
        if (wanted == terms.bytes()) {
            return;
        }
        // Asked of the kernel only where the terms are to grow, since this is the data thread.
        if (wanted > TermLength.LONG && !parts.hasRoom(wanted)) {
            terms.keep(nowNs);
            return;
        }
        successor = make(wanted);
        successorSinceNs = nowNs;
    }

    private void takeOver(long nowNs) {
        ExclusivePublication next;
        try {
            next = aeron.getExclusivePublication(successor.registrationId());
        } catch (RegistrationException e) {
            successor = null;
            terms.keep(nowNs);
            return;
        }
        if (next != null && next.isConnected()) {
            removeCurrent();
            current = successor;
            publication = next;
            refused = false;
            successor = null;
            terms.change(current.termLength(), nowNs);
        } else if (nowNs - successorSinceNs >= PATIENCE_NS) {
            removeSuccessor();
            terms.keep(nowNs);
        }
    }

    private void removeCurrent() {
        if (publication == null) {
            aeron.asyncRemovePublication(current.registrationId());
        }
        CloseHelper.close(publication);
        publication = null;
    }

    @Override
    public void close() {
        removeCurrent();
        removeSuccessor();
    }

    private void removeSuccessor() {
        if (successor != null) {
            aeron.asyncRemovePublication(successor.registrationId());
            successor = null;
        }
    }
}
