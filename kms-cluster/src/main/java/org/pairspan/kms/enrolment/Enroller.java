package org.pairspan.kms.enrolment;

import java.net.InetSocketAddress;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.japi.function.Function;
import org.pairspan.kms.audit.Actor;
import org.pairspan.kms.audit.AuditAllowance;
import org.pairspan.kms.audit.AuditLog;
import org.pairspan.kms.audit.AuditRecord;
import org.pairspan.kms.endpoint.SourceNetwork;
import org.pairspan.kms.audit.AuditRecord.Event;
import org.pairspan.protocol.address.IpPrefix;
import org.pairspan.runtime.identity.Identity;
import org.pairspan.runtime.identity.Role;
import org.pairspan.runtime.pki.CertificateRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides who gets a certificate. Blocks; safe for use by several threads. Every decision is on record before it is answered, or counted. */
final class Enroller {

    private static final Logger LOG = LoggerFactory.getLogger(Enroller.class);
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final ClusterSharding sharding;
    private final TokenMark mark;
    private final IssuingAuthority authority;
    private final Predicate<String> revoked;
    private final BooleanSupplier standing;
    private final AuditLog audit;
    private final AuditAllowance strangers;
    private final InstantSource clock;

    /**
     * @param mark      of tokens that were made for this journal
     * @param standing  whether this server may answer now
     * @param strangers how many records of refusals may be caused
     */
    Enroller(ClusterSharding sharding, TokenMark mark, IssuingAuthority authority, Predicate<String> revoked,
            BooleanSupplier standing, AuditLog audit, AuditAllowance strangers, InstantSource clock) {
        this.sharding = sharding;
        this.mark = mark;
        this.strangers = strangers;
        this.authority = authority;
        this.revoked = revoked;
        this.standing = standing;
        this.audit = audit;
        this.clock = clock;
    }

    /** What came of a request. */
    sealed interface Outcome {

        /** A certificate, DER, with what leads to the authority. */
        record Granted(List<byte[]> chain) implements Outcome {
        }

        /** No, without a reason. */
        record Refused() implements Outcome {
        }

        /** Not now. */
        record Unavailable() implements Outcome {
        }
    }

    /** A member with a certificate that asks for the next. */
    record Member(String id, List<IpPrefix> prefixes) {
    }

    /** Why a request is refused; goes to the audit log, never to who asked. */
    private static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        RefusedException(String why) {
            super(why);
        }
    }

    /** First certificate, for a token. */
    Outcome enrol(byte[] token, byte[] certificateRequest, InetSocketAddress from) {
        return outcome(Event.MEMBER_ENROLLED, Actor.stranger(), null, from, () -> {
            CertificateRequest request = read(certificateRequest);
            if (!mark.isOn(token)) {
                throw new RefusedException("unknown token, not made for this journal, for " + request.identity());
            }
            requireStanding(request.identity().id());
            TokenSecret secret = new TokenSecret(token);
            byte[] keyHash = TokenSecret.sha256().digest(request.key().getEncoded());
            EnrolmentToken.Reply reply = ask(secret, replyTo -> new EnrolmentToken.Redeem(request.identity().id(), keyHash, replyTo));
            List<byte[]> chain = switch (reply) {
                case EnrolmentToken.Completed before -> before.chain();
                case EnrolmentToken.Redeemable redeemable -> completed(ask(secret, complete(keyHash, authority.issue(request, redeemable.prefixes()))));
                case EnrolmentToken.Refused refused -> throw new RefusedException(refused.why() + ", for " + request.identity());
                case EnrolmentToken.Issued never -> throw new IllegalStateException("a token answered a redemption with its issue");
            };
            record(Event.MEMBER_ENROLLED, Actor.member(request.identity().id()), request.identity().id(), from,
                    reply instanceof EnrolmentToken.Completed ? "the certificate of this token and key, once more" : "certificate issued");
            return chain;
        });
    }

    /** The next certificate of a member that has one, for a new key. */
    Outcome renew(Member member, byte[] certificateRequest, InetSocketAddress from) {
        return outcome(Event.CERTIFICATE_RENEWED, Actor.member(member.id()), member.id(), from, () -> {
            CertificateRequest request = read(certificateRequest);
            if (!request.identity().id().equals(member.id())) {
                throw new RefusedException("asked for a certificate of " + request.identity());
            }
            requireStanding(member.id());
            List<byte[]> chain = authority.issue(request, member.prefixes());
            record(Event.CERTIFICATE_RENEWED, Actor.member(member.id()), member.id(), from, "certificate issued");
            return chain;
        });
    }

    /** One attempt to come to a certificate. */
    @FunctionalInterface
    private interface Attempt {
        List<byte[]> run() throws RefusedException, CertificateException, ExecutionException, TimeoutException, InterruptedException;
    }

    private Outcome outcome(Event event, Actor actor, String member, InetSocketAddress from, Attempt attempt) {
        try {
            List<byte[]> chain = attempt.run();
            // Asked last: this server may have been frozen or cut off while it worked, and who asks may be revoked meanwhile.
            return standing.getAsBoolean() ? new Outcome.Granted(chain) : new Outcome.Unavailable();
        } catch (RefusedException | CertificateException | IllegalArgumentException e) {
            return refused(event, actor, member, from, e.getMessage());
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("a certificate for {} cannot be issued now", from, e);
            return new Outcome.Unavailable();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Outcome.Unavailable();
        }
    }

    private Outcome refused(Event event, Actor actor, String member, InetSocketAddress from, String why) {
        try {
            AuditRecord refusal = new AuditRecord(clock.instant(), event, actor, member, null, 0, 0, from, "refused: " + why);
            await(strangers.write(SourceNetwork.of(from.getAddress()), refusal));
            return new Outcome.Refused();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("a refusal to {} cannot be recorded", from, e);
            return new Outcome.Unavailable();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Outcome.Unavailable();
        }
    }

    /** Somebody is turned away unheard. */
    void turnedAway(InetSocketAddress from) {
        strangers.count(SourceNetwork.of(from.getAddress()), new AuditRecord(clock.instant(), Event.MEMBER_ENROLLED, Actor.stranger(), null,
                null, 0, 0, from, "turned away unheard"));
    }

    private static CertificateRequest read(byte[] certificateRequest) throws RefusedException {
        CertificateRequest request = CertificateRequest.read(certificateRequest);
        if (request.identity().role() != Role.MEMBER) {
            throw new RefusedException("asked for a certificate of " + request.identity());
        }
        return request;
    }

    private void requireStanding(String id) throws RefusedException {
        if (revoked.test(id)) {
            throw new RefusedException(new Identity(Role.MEMBER, id) + " is revoked");
        }
    }

    private static Function<ActorRef<EnrolmentToken.Reply>, EnrolmentToken.Command> complete(
            byte[] keyHash, List<byte[]> chain) {
        return replyTo -> new EnrolmentToken.Complete(keyHash, chain, replyTo);
    }

    private static List<byte[]> completed(EnrolmentToken.Reply reply) throws RefusedException {
        if (reply instanceof EnrolmentToken.Completed completed) {
            return completed.chain();
        }
        throw new RefusedException("the token took another key meanwhile");
    }

    private EnrolmentToken.Reply ask(TokenSecret secret,
            Function<ActorRef<EnrolmentToken.Reply>, EnrolmentToken.Command> question)
            throws ExecutionException, TimeoutException, InterruptedException {
        return await(EnrolmentToken.of(sharding, secret).ask(question, PATIENCE));
    }

    private void record(Event event, Actor actor, String member, InetSocketAddress from, String result)
            throws ExecutionException, TimeoutException, InterruptedException {
        await(audit.write(new AuditRecord(clock.instant(), event, actor, member, null, 0, 0, from, result)));
    }

    private static <T> T await(CompletionStage<T> stage) throws ExecutionException, TimeoutException, InterruptedException {
        return stage.toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }
}
