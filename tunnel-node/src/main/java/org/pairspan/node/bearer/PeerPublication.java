package org.pairspan.node.bearer;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.exceptions.RegistrationException;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;

/**
 * Our stream to one peer: an Aeron publication, which is made again, with short terms, where it could not be made or the peer does not take it,
 * and where it has ended. Where the peer needs terms of another length, a second one is made beside it, and takes over once the peer has it, so
 * that nothing waits. Owned by the data thread.
 */
final class PeerPublication implements AutoCloseable {
    /** How long our stream waits after it could not be made, for want of memory. */
    private static final long PAUSE_NS = TimeUnit.SECONDS.toNanos(1);
    /** How long a stream waits for the peer: Aeron there never tries a session again whose image it could not make. */
    static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(10);

    private final Aeron aeron;
    private final BearerParts parts;
    private final PeerPath path;
    private final String channel;
    private final TermLength terms;
    private Making current;
    private ExclusivePublication publication;
    private boolean refused;
    private long refusedAtNs;
    /** Since when the peer is heard and does not have the stream. */
    private long awaitedSinceNs;
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
        this.awaitedSinceNs = parts.clock().nanoTime();
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
            terms.beginAnew(refusedAtNs);
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
        if (isInVain(nowNs)) {
            terms.beginAnew(nowNs);
            awaitedSinceNs = nowNs;
            renew();
            return;
        }
        if (successor != null) {
            takeOver(nowNs);
            return;
        }
        int wanted = terms.wanted(path.peer.roundTripNs(), path.granted, nowNs);
        if (wanted != terms.bytes()) {
            successor = make(wanted);
            successorSinceNs = nowNs;
        }
    }

    /** Whether the peer, which is there, has not had the stream for so long that it will not take this one any more. */
    private boolean isInVain(long nowNs) {
        boolean heard = path.peer.packetsIn().get() > 0 && nowNs - path.peer.lastAuthenticNs().get() < PATIENCE_NS;
        ExclusivePublication stream = get();
        if (!heard || stream != null && stream.isConnected()) {
            awaitedSinceNs = nowNs;
        }
        return nowNs - awaitedSinceNs >= PATIENCE_NS;
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
        if (publication == null && !refused) {
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
