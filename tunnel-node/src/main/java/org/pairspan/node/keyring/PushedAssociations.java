package org.pairspan.node.keyring;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.pairspan.node.keyring.Associations.Held;
import org.pairspan.protocol.keyservice.KeyStep;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the key service pushes: associations, and the steps of key updates. Each is answered. Any thread may leave them; the control thread acts. */
final class PushedAssociations {
    /** Pushed associations that may wait at a time. */
    static final int MAX_PUSHES = 256;

    private static final Logger LOG = LoggerFactory.getLogger(PushedAssociations.class);

    private final Associations associations;
    private final Consumer<KeyAgent.Event> events;
    private final AtomicInteger pushesWaiting = new AtomicInteger();

    /** @param events leaves an event for the control thread. */
    PushedAssociations(Associations associations, Consumer<KeyAgent.Event> events) {
        this.associations = associations;
        this.events = events;
    }

    void install(AssociationOffer offer, KeyService.InstallReply reply) {
        push(offer, reply, associations::take);
    }

    void prepare(AssociationOffer offer, KeyService.InstallReply reply) {
        push(offer, reply, associations::prepare);
    }

    void step(KeyStep step, KeyService.InstallReply reply) {
        AssociationChange change = switch (step.getStep()) {
            case ACTIVATE -> new AssociationChange.Activate(step.getPeerNumber(), step.getGeneration());
            case RETIRE -> new AssociationChange.Retire(step.getPeerNumber(), step.getGeneration());
            case ROLL_BACK -> new AssociationChange.RollBack(step.getPeerNumber(), step.getGeneration());
            case STEP_UNSPECIFIED, UNRECOGNIZED -> null;
        };
        if (change == null) {
            reply.refused("a step that is not known here");
        } else {
            report(nowNs -> associations.step(change).whenComplete((done, failure) -> report(laterNs -> answer(reply, change, done, failure))));
        }
    }

    private static void answer(KeyService.InstallReply reply, AssociationChange change, Boolean done, Throwable failure) {
        if (failure == null && done) {
            LOG.debug("{} is done", change);
            reply.installed();
        } else {
            LOG.info("{} cannot be done{}", change, failure == null ? "" : ": " + failure);
            reply.refused("not possible here");
        }
    }

    /** Takes an offer that was pushed. */
    private interface Taking {
        Held take(AssociationOffer offer, long nowNs) throws OfferException;
    }

    private void push(AssociationOffer offer, KeyService.InstallReply reply, Taking taking) {
        if (pushesWaiting.incrementAndGet() > MAX_PUSHES) {
            pushesWaiting.decrementAndGet();
            offer.destroy();
            reply.refused("too many associations wait to be installed");
            return;
        }
        report(nowNs -> take(offer, reply, taking, nowNs));
    }

    private void take(AssociationOffer offer, KeyService.InstallReply reply, Taking taking, long nowNs) {
        try {
            pushesWaiting.decrementAndGet();
            Held held = taking.take(offer, nowNs);
            held.installed().whenComplete((installed, failure) -> report(laterNs -> answer(reply, held, failure)));
        } catch (OfferException e) {
            LOG.warn("The key service pushed {}, which is refused: {}", offer, e.getMessage());
            reply.refused(e.getMessage());
        } finally {
            offer.destroy();
        }
    }

    private static void answer(KeyService.InstallReply reply, Held held, Throwable failure) {
        KeyAgent.logOutcome(held, failure);
        if (failure == null) {
            reply.installed();
        } else {
            reply.refused("the data plane could not take it");
        }
    }

    private void report(KeyAgent.Event event) {
        events.accept(event);
    }
}
