package org.pairspan.kms.enrolment;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.pairspan.kms.audit.Administration;
import org.pairspan.kms.audit.AuditAllowance;
import org.pairspan.kms.audit.AuditLog;
import org.pairspan.kms.audit.AuditRecord;
import org.pairspan.kms.cluster.Standing;
import org.pairspan.kms.config.EnrolmentSettings;
import org.pairspan.kms.directory.MemberRoll;
import org.pairspan.protocol.address.IpPrefix;
import org.pairspan.runtime.config.ConfigurationException;
import org.pairspan.runtime.config.HostPort;
import org.pairspan.runtime.identity.Identity;
import org.pairspan.runtime.identity.Role;
import org.pairspan.runtime.tls.TlsContexts;

/** Enrolment at one key server: its port, and the making of tokens. */
public final class Enrolment implements EnrolmentMXBean {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration SHORTEST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofDays(30);
    private static final int MAX_PREFIXES = 64;

    private final ClusterSharding sharding;
    private final TokenMark mark;
    private final Administration administration;
    private final Clock clock;
    private final InetSocketAddress address;
    private final EnrolmentCounters counters;
    private final Predicate<String> revoked;
    private final PrefixRule rule;
    private final SecureRandom random = new SecureRandom();

    private Enrolment(ClusterSharding sharding, TokenMark mark, Administration administration, Clock clock, InetSocketAddress address,
            EnrolmentCounters counters, Predicate<String> revoked, PrefixRule rule) {
        this.sharding = sharding;
        this.mark = mark;
        this.administration = administration;
        this.clock = clock;
        this.address = address;
        this.counters = counters;
        this.revoked = revoked;
        this.rule = rule;
    }

    /** Makes tokens known to sharding on this server: on each of the cluster, whether it issues certificates or not. */
    public static void init(ClusterSharding sharding) {
        EnrolmentToken.init(sharding, InstantSource.system());
    }

    /**
     * Reads the authority and begins to listen; the port is closed when the actor system stops.
     *
     * @param markKey   32 random bytes, the same at all servers of the journal: tells tokens of the journal from made-up ones
     * @param strangers how many records of refusals may be caused
     * @throws ConfigurationException where the authority is not one of this service, or the port cannot be had
     */
    public static Enrolment open(EnrolmentSettings settings, ActorSystem<?> system, TlsContexts tls, byte[] markKey, AuditLog audit,
            AuditAllowance strangers, Predicate<String> revoked) {
        Clock clock = Clock.systemUTC();
        ClusterSharding sharding = ClusterSharding.get(system);
        IssuingAuthority authority = IssuingAuthority.open(settings, tls.identity(), clock);
        TokenMark mark = new TokenMark(markKey);
        Enroller enroller = new Enroller(sharding, mark, authority, revoked, Standing.of(system)::holds, audit, strangers, clock);
        EnrolmentCounters counters = new EnrolmentCounters();
        try {
            EnrolmentServer server = EnrolmentServer.bind(settings.address(), tls, enroller, counters);
            CoordinatedShutdown.get(system).addTask(CoordinatedShutdown.PhaseServiceUnbind(), "enrolment", server::stop);
            return new Enrolment(sharding, mark, new Administration(audit, clock), clock, settings.address(), counters, revoked,
                    new PrefixRule(authority, new MemberRoll(sharding)::conflict));
        } catch (IOException e) {
            throw new ConfigurationException("pairspan.kms.enrolment.host, port", settings.address().toString(),
                    "must be a free port at an address of this machine: " + e.getMessage(), "choose another, or stop what uses it", e);
        }
    }

    @Override
    public String issueToken(String operator, String memberId, String[] prefixes, long validSeconds) {
        String id = new Identity(Role.MEMBER, memberId).id();
        List<IpPrefix> granted = prefixes(prefixes);
        Duration valid = Duration.ofSeconds(validSeconds);
        if (valid.compareTo(SHORTEST) < 0 || valid.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("a token is valid for " + SHORTEST.toMinutes() + " minute to " + LONGEST.toDays() + " days");
        }
        try {
            if (revoked.test(id)) {
                throw new IllegalStateException("member " + id + " is revoked, for good; enrol under another id");
            }
            rule.require(id, granted).toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            Instant end = clock.instant().plus(valid);
            administration.record(AuditRecord.Event.ENROLMENT_TOKEN_ISSUED, operator, id, "for prefixes " + granted + ", valid until " + end);
            TokenSecret secret = TokenSecret.random(random, mark);
            EnrolmentToken.Reply reply = EnrolmentToken.of(sharding, secret).<EnrolmentToken.Reply>ask(
                    replyTo -> new EnrolmentToken.Issue(id, granted, end.toEpochMilli(), replyTo), PATIENCE)
                    .toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (!(reply instanceof EnrolmentToken.Issued)) {
                throw new IllegalStateException("the token was not made: " + reply);
            }
            counters.tokens.increment();
            return secret.text(id);
        } catch (ExecutionException | TimeoutException e) {
            if (e.getCause() instanceof IllegalArgumentException refused) {
                throw refused;
            }
            throw new IllegalStateException("no token was made: the key service cannot store it now. Look at its log, and ask again");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("no token was made: interrupted");
        }
    }

    private static List<IpPrefix> prefixes(String[] texts) {
        if (texts.length > MAX_PREFIXES) {
            throw new IllegalArgumentException("a token grants at most " + MAX_PREFIXES + " prefixes");
        }
        return Arrays.stream(texts).map(IpPrefix::parse).toList();
    }

    @Override
    public String getAddress() {
        return HostPort.text(address);
    }

    @Override
    public long getTokensIssued() {
        return counters.tokens.sum();
    }

    @Override
    public long getCertificatesIssued() {
        return counters.granted.sum();
    }

    @Override
    public long getRefusals() {
        return counters.refused.sum();
    }

    @Override
    public long getFailures() {
        return counters.failed.sum();
    }

    @Override
    public long getFailedAccepts() {
        return counters.failedAccepts.sum();
    }

    @Override
    public long getTurnedAway() {
        return counters.turnedAway.sum();
    }
}
