package org.pairspan.kms.policy.keeping;

import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.RecipientRef;
import org.apache.pekko.actor.typed.eventstream.EventStream;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.pairspan.kms.policy.document.CompiledPolicy;
import org.pairspan.kms.policy.document.PolicyDocument;
import org.pairspan.kms.policy.document.PolicyDocumentException;
import org.pairspan.kms.policy.keeping.PolicyInForce.Held;
import org.pairspan.protocol.crypto.Suite;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps what this server holds of the policy up to date: asks every second, and listens. */
final class PolicyKeeper extends AbstractBehavior<PolicyKeeper.Message> {

    /** Between two questions. */
    static final Duration INTERVAL = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(PolicyKeeper.class);

    private final String server;
    private final RecipientRef<KeyPolicy.Command> entity;
    private final List<Suite> suites;
    private final PolicyInForce inForce;
    private final LongSupplier nanoTime;
    private final ActorRef<KeyPolicy.Notice> watcher;
    private boolean troubled = true;

    /** What a keeper is told; all of it on its own server. */
    sealed interface Message {
    }

    private record Noticed(KeyPolicy.Notice notice) implements Message {
    }

    private enum Tick implements Message {
        ASK
    }

    private PolicyKeeper(ActorContext<Message> context, String server, RecipientRef<KeyPolicy.Command> entity, List<Suite> suites,
            PolicyInForce inForce, LongSupplier nanoTime) {
        super(context);
        this.server = server;
        this.entity = entity;
        this.suites = suites;
        this.inForce = inForce;
        this.nanoTime = nanoTime;
        watcher = context.messageAdapter(KeyPolicy.Notice.class, Noticed::new);
    }

    /**
     * The behaviour of a server's keeper.
     *
     * @param suites   that the service allows at all
     * @param inForce  is kept up to date
     * @param nanoTime the clock of {@code inForce}
     */
    static Behavior<Message> create(String server, RecipientRef<KeyPolicy.Command> entity, List<Suite> suites, PolicyInForce inForce,
            LongSupplier nanoTime) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(Tick.ASK, INTERVAL);
            PolicyKeeper keeper = new PolicyKeeper(context, server, entity, suites, inForce, nanoTime);
            keeper.ask();
            return keeper;
        }));
    }

    @Override
    public Receive<Message> createReceive() {
        return newReceiveBuilder()
                .onMessage(Noticed.class, this::onNoticed)
                .onMessage(Tick.class, tick -> ask())
                .build();
    }

    private Behavior<Message> ask() {
        tellOfTrouble();
        entity.tell(new KeyPolicy.Watch(server, heldVersion(), nanoTime.getAsLong(), watcher));
        return this;
    }

    private long heldVersion() {
        Held held = inForce.held();
        return held == null ? -1 : held.version().number();
    }

    private void tellOfTrouble() {
        String trouble = inForce.trouble();
        if (trouble != null && !troubled) {
            LOG.error("No keys are handed out: {}", trouble);
        } else if (trouble == null && troubled) {
            LOG.info("Deciding by policy version {}", heldVersion());
        }
        troubled = trouble != null;
    }

    private Behavior<Message> onNoticed(Noticed noticed) {
        switch (noticed.notice()) {
            case KeyPolicy.InForce told when told.asked() -> {
                boolean other = told.version().number() != heldVersion();
                if (other) {
                    adopt(told.version());
                }
                inForce.confirm(told.askedAtNs());
                if (other) {
                    announce();
                }
            }
            // How long it was on its way is not known, so it confirms nothing; and one that was overtaken by an answer is not taken back.
            case KeyPolicy.InForce told when told.version().number() > heldVersion() && inForce.held() != null -> {
                adopt(told.version());
                announce();
            }
            case KeyPolicy.InForce late -> LOG.debug("Policy version {} is held already", late.version().number());
            case KeyPolicy.StillInForce told when told.version() == heldVersion() -> inForce.confirm(told.askedAtNs());
            case KeyPolicy.StillInForce late -> LOG.debug("Policy version {} is no longer held", late.version());
        }
        return this;
    }

    private void adopt(PolicyVersion version) {
        if (heldVersion() > version.number()) {
            LOG.warn("The journal knows policy version {} as the newest, and this server held {}: was an older copy restored?",
                    version.number(), heldVersion());
        }
        inForce.hold(compiled(version));
        LOG.info("Policy {}", version.line());
    }

    private Held compiled(PolicyVersion version) {
        try {
            return new Held(version, new CompiledPolicy(PolicyDocument.parse(version.text()), suites), null);
        } catch (PolicyDocumentException e) {
            LOG.error("Policy version {} says what this version of the program does not know:\n{}", version.number(), e.getMessage());
            return new Held(version, null, "policy version " + version.number()
                    + " says what this key server does not understand; it is of an older version: update it");
        }
    }

    /** Tells this server's links, and the entity, that this server goes by another version now. */
    private void announce() {
        getContext().getSystem().eventStream().tell(new EventStream.Publish<>(new PolicyAdopted(heldVersion())));
        entity.tell(new KeyPolicy.Watch(server, heldVersion(), nanoTime.getAsLong(), watcher));
    }
}
