package org.pairspan.kms.delivery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.pairspan.kms.config.Etsi014Settings;
import org.pairspan.kms.delivery.DeliveryAnswer.BadRequest;
import org.pairspan.kms.delivery.DeliveryAnswer.Figures;
import org.pairspan.kms.delivery.DeliveryAnswer.Keys;
import org.pairspan.kms.delivery.DeliveryAnswer.Unauthorized;
import org.pairspan.kms.delivery.DeliveryAnswer.Unavailable;
import org.pairspan.kms.etsi014.ErrorMessage;
import org.pairspan.kms.etsi014.KeyContainer;
import org.pairspan.kms.etsi014.KeyRequest;
import org.pairspan.kms.etsi014.Status;
import org.pairspan.kms.sealing.Sealer;
import org.pairspan.kms.source.KeySource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The three questions of ETSI GS QKD 014:
 *
 * <pre>
 * enc_keys: may they? → is there room? → keys from the source, sealed → stored → audit record → answer
 * dec_keys: may they? → stored that the slave has had them → opened → audit record → answer
 * </pre>
 *
 * A crash between any two steps leaves keys that nobody has had, which end with their lifetime, or a delivery that the slave asks for
 * again. Any thread.
 */
final class KeyDelivery {

    private static final Logger LOG = LoggerFactory.getLogger(KeyDelivery.class);
    private static final int SEALED_VERSION = 1;

    private final ClusterSharding sharding;
    private final Etsi014Settings settings;
    private final SaeAccess access;
    private final Function<Optional<String>, KeySource> sources;
    private final Sealer sealer;
    private final DeliveryAudit audit;
    private final DeliveryCounters counters;
    private final BooleanSupplier standing;

    /**
     * @param sources  the key source that a policy names, or the usual one
     * @param standing whether this server may answer now
     */
    KeyDelivery(ClusterSharding sharding, Etsi014Settings settings, SaeAccess access, Function<Optional<String>, KeySource> sources,
            Sealer sealer, DeliveryAudit audit, DeliveryCounters counters, BooleanSupplier standing) {
        this.sharding = sharding;
        this.settings = settings;
        this.access = access;
        this.sources = sources;
        this.sealer = sealer;
        this.audit = audit;
        this.counters = counters;
        this.standing = standing;
    }

    /** "Get status". Never fails, as the others. */
    CompletionStage<DeliveryAnswer> status(Caller caller, String slave) {
        if (slave.equals(caller.sae())) {
            return own();
        }
        return bounded(caller, "status", () -> allowed(caller, List.of(slave), "status", source -> room(caller.sae(), List.of(slave))
                .thenApply(room -> new Figures(figures(caller.sae(), slave, room)))));
    }

    private Status figures(String master, String slave, int room) {
        Etsi014Settings.Keys keys = settings.keys();
        return new Status(settings.kmeId(), settings.kmeId(), master, slave, keys.size(), room,
                Math.min(keys.maxCount(), keys.maxOfOneMaster()), keys.maxPerRequest(), keys.maxSize(), keys.minSize(), keys.maxOthers());
    }

    /** "Get key". */
    CompletionStage<DeliveryAnswer> encKeys(Caller caller, String slave, KeyRequest request) {
        Optional<ErrorMessage> wrong = new RequestRules(settings.keys()).fault(request);
        if (wrong.isPresent()) {
            return CompletableFuture.completedStage(new BadRequest(wrong.get()));
        }
        List<String> slaves = new ArrayList<>(List.of(slave));
        slaves.addAll(request.additionalSlaves());
        if (new HashSet<>(slaves).size() < slaves.size()) {
            return CompletableFuture.completedStage(new BadRequest("the SAE IDs shall all be different"));
        }
        if (slaves.contains(caller.sae())) {
            return own();
        }
        int number = (int) request.number();
        int bits = request.size() == 0 ? settings.keys().size() : (int) request.size();
        return bounded(caller, "enc_keys", () -> allowed(caller, slaves, "enc_keys", source -> room(caller.sae(), slaves)
                .thenCompose(room -> room < number ? full(room)
                        : NewKeys.draw(sources.apply(source), number, bits).thenCompose(keys -> store(caller, slaves, keys, bits)))));
    }

    private CompletionStage<DeliveryAnswer> store(Caller caller, List<String> slaves, NewKeys keys, int bits) {
        String master = caller.sae();
        List<NamedKey> sealed = sealed(master, keys.container());
        return HeldKeys.of(sharding, master)
                .<HeldKeys.Reply>ask(replyTo -> new HeldKeys.Store(master, slaves, sealed, replyTo), patience())
                .thenCompose(reply -> switch (reply) {
                    case HeldKeys.Stored stored -> audit.delivered(caller, slaves, ids(keys.container()),
                            "enc_keys, " + bits + " bits, made of " + keys.origins()).thenApply(done -> {
                                counters.toMasters.add(sealed.size());
                                return (DeliveryAnswer) new Keys(keys.container());
                            });
                    case HeldKeys.Room room -> full(room.keys());
                    default -> throw unexpected(reply);
                })
                .whenComplete((answer, failure) -> {
                    if (!(answer instanceof Keys)) {
                        keys.container().wipe();
                    }
                });
    }

    /** Where that fails, the keys are wiped. */
    private List<NamedKey> sealed(String master, KeyContainer container) {
        List<NamedKey> sealed = new ArrayList<>();
        try {
            for (KeyContainer.Key key : container.keys()) {
                KeyId id = KeyId.of(key.id());
                sealed.add(new NamedKey(id, sealer.seal(HeldKeys.place(master, id), SEALED_VERSION, key.bytes())));
            }
            return sealed;
        } catch (RuntimeException e) {
            container.wipe();
            throw e;
        }
    }

    /** "Get key with key IDs". */
    CompletionStage<DeliveryAnswer> decKeys(Caller caller, String master, List<UUID> ids) {
        if (ids.size() > settings.keys().maxPerRequest()) {
            return CompletableFuture.completedStage(new BadRequest("no more key_IDs than " + settings.keys().maxPerRequest()));
        }
        if (new HashSet<>(ids).size() < ids.size()) {
            return CompletableFuture.completedStage(new BadRequest("the key_IDs shall all be different"));
        }
        if (master.equals(caller.sae())) {
            return own();
        }
        return bounded(caller, "dec_keys", () -> allowed(caller, List.of(master), "dec_keys", source -> HeldKeys.of(sharding, master)
                .<HeldKeys.Reply>ask(replyTo -> new HeldKeys.Take(master, caller.sae(), ids.stream().map(KeyId::of).toList(), replyTo),
                        patience())
                .thenCompose(reply -> switch (reply) {
                    case HeldKeys.Taken taken -> sealer.ready(taken.keys().stream().map(NamedKey::key).toList())
                            .thenCompose(ready -> open(caller, master, taken));
                    case HeldKeys.NotFound none -> refuse(caller, master, "dec_keys", "not found",
                            new BadRequest(ErrorMessage.KEYS_NOT_FOUND));
                    case HeldKeys.NotNamed other -> refuse(caller, master, "dec_keys", "it is no slave of every key", new Unauthorized());
                    default -> throw unexpected(reply);
                })));
    }

    private CompletionStage<DeliveryAnswer> open(Caller caller, String master, HeldKeys.Taken taken) {
        List<KeyContainer.Key> opened = new ArrayList<>();
        try {
            for (NamedKey key : taken.keys()) {
                opened.add(new KeyContainer.Key(key.id().uuid(), sealer.open(HeldKeys.place(master, key.id()), SEALED_VERSION, key.key())));
            }
        } catch (RuntimeException e) {
            opened.forEach(KeyContainer.Key::wipe);
            throw e;
        }
        KeyContainer container = new KeyContainer(opened);
        return audit.delivered(caller, List.of(master), ids(container), taken.again() ? "dec_keys, delivered again" : "dec_keys")
                .thenApply(done -> {
                    (taken.again() ? counters.again : counters.toSlaves).add(taken.again() ? 1 : opened.size());
                    return (DeliveryAnswer) new Keys(container);
                })
                .whenComplete((answer, failure) -> {
                    if (failure != null) {
                        container.wipe();
                    }
                });
    }

    private CompletionStage<DeliveryAnswer> allowed(Caller caller, List<String> others, String what,
            Function<Optional<String>, CompletionStage<DeliveryAnswer>> go) {
        return access.check(caller.sae(), others).thenCompose(verdict -> switch (verdict) {
            case SaeAccess.Allowed allowed -> go.apply(allowed.source());
            case SaeAccess.Denied denied -> refuse(caller, others.getFirst(), what, denied.why(), new Unauthorized());
            case SaeAccess.Unknown unknown -> refuse(caller, unknown.sae(), what, "it is no SAE of this service",
                    new BadRequest(new ErrorMessage("an SAE is not known here",
                            List.of(new ErrorMessage.Detail("SAE_ID", unknown.sae())))));
        });
    }

    private CompletionStage<Integer> room(String master, List<String> slaves) {
        return HeldKeys.of(sharding, master)
                .<HeldKeys.Reply>ask(replyTo -> new HeldKeys.AskRoom(master, slaves, replyTo), patience())
                .thenApply(reply -> switch (reply) {
                    case HeldKeys.Room room -> room.keys();
                    default -> throw unexpected(reply);
                });
    }

    private CompletionStage<DeliveryAnswer> refuse(Caller caller, String other, String what, String why, DeliveryAnswer answer) {
        return audit.refused(caller, other, what, why).thenApply(done -> answer);
    }

    private static CompletionStage<DeliveryAnswer> full(int room) {
        return CompletableFuture.completedStage(
                new Unavailable("the slaves have not fetched earlier keys; " + room + " more can be had now"));
    }

    private static CompletionStage<DeliveryAnswer> own() {
        return CompletableFuture.completedStage(new BadRequest("the SAE ID shall not be the caller's own"));
    }

    private CompletionStage<DeliveryAnswer> bounded(Caller caller, String what, Supplier<CompletionStage<DeliveryAnswer>> question) {
        CompletableFuture<DeliveryAnswer> inTime = new CompletableFuture<>();
        CompletableFuture.completedStage(null).thenCompose(now -> question.get()).whenComplete((answer, failure) -> {
            boolean taken = failure == null ? inTime.complete(answer) : inTime.completeExceptionally(failure);
            if (!taken && answer instanceof Keys late) {
                late.container().wipe();
            }
        });
        return inTime.orTimeout(patience().toMillis(), TimeUnit.MILLISECONDS).exceptionally(failure -> {
            Throwable cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            LOG.warn("{} of {} failed: {}", what, caller.sae(), cause.toString());
            LOG.debug("its failure", cause);
            return later();
        }).thenApply(answer -> {
            // Asked last: this server may have been frozen or cut off while it worked on the answer.
            if (standing.getAsBoolean()) {
                return answer;
            }
            if (answer instanceof Keys keys) {
                keys.container().wipe();
            }
            return later();
        });
    }

    private static DeliveryAnswer later() {
        return new Unavailable("not possible now, ask again");
    }

    private static List<UUID> ids(KeyContainer container) {
        return container.keys().stream().map(KeyContainer.Key::id).toList();
    }

    private static IllegalStateException unexpected(HeldKeys.Reply reply) {
        return new IllegalStateException("the keys of a master answered " + reply);
    }

    /** Longest time an answer may take. */
    Duration patience() {
        return settings.connections().requestTimeout();
    }
}
