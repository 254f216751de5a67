package org.pairspan.kms.observe;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.StreamSupport;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.ClusterEvent.CurrentClusterState;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.typed.Cluster;
import org.pairspan.kms.directory.Directory;
import org.pairspan.kms.pairkey.PairId;
import org.pairspan.kms.pairkey.PairKey;
import org.pairspan.runtime.config.HostPort;

/** Answers JMX from what the server counts and the cluster tells. */
public final class KeyService implements KeyServiceMXBean {

    private static final Duration DIRECTORY_PATIENCE = Duration.ofSeconds(1);
    private static final Duration LOCATE_PATIENCE = Duration.ofSeconds(3);

    private final String name;
    private final InetSocketAddress memberLink;
    private final ServiceCounters counters;
    private final Cluster cluster;
    private final ClusterSharding sharding;

    public KeyService(String name, InetSocketAddress memberLink, ServiceCounters counters, ActorSystem<?> system) {
        this.name = name;
        this.memberLink = memberLink;
        this.counters = counters;
        cluster = Cluster.get(system);
        sharding = ClusterSharding.get(system);
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public String getState() {
        return cluster.selfMember().status().toString();
    }

    @Override
    public String getClusterAddress() {
        return text(cluster.selfMember().address());
    }

    @Override
    public String getMemberLinkAddress() {
        return HostPort.text(memberLink);
    }

    @Override
    public List<String> getClusterMembers() {
        CurrentClusterState state = cluster.state();
        Set<Member> unreachable = state.getUnreachable();
        return StreamSupport.stream(state.getMembers().spliterator(), false)
                .map(member -> text(member.address()) + ' ' + member.status() + (unreachable.contains(member) ? " unreachable" : ""))
                .sorted().toList();
    }

    @Override
    public String getLeader() {
        Address leader = cluster.state().getLeader();
        return leader == null ? "" : text(leader);
    }

    @Override
    public long getMemberLinks() {
        return counters.registeredLinks.sum();
    }

    @Override
    public int getRegisteredMembers() {
        Directory.ProbeReply reply = await(Directory.of(sharding).ask(Directory.Probe::new, DIRECTORY_PATIENCE));
        return reply == null ? -1 : reply.members();
    }

    @Override
    public long getRequests() {
        return counters.requests.sum();
    }

    @Override
    public long getGrants() {
        return counters.grants.sum();
    }

    @Override
    public Map<String, Long> getRefusals() {
        return counters.refusals();
    }

    @Override
    public long getFailedHandshakes() {
        return counters.failedHandshakes.sum();
    }

    @Override
    public long getLinksTurnedAway() {
        return counters.linksTurnedAway.sum();
    }

    @Override
    public long getInstalls() {
        return counters.installs.sum();
    }

    @Override
    public long getFailedInstalls() {
        return counters.failedInstalls.sum();
    }

    @Override
    public long getKeysCreated() {
        return counters.keysStored.count();
    }

    @Override
    public long getGenerationsAllocated() {
        return counters.generations.sum();
    }

    @Override
    public long getJournalMedianMicros() {
        return TimeUnit.NANOSECONDS.toMicros(counters.associationsStored.percentile(0.5));
    }

    @Override
    public long getJournal99PercentMicros() {
        return TimeUnit.NANOSECONDS.toMicros(counters.associationsStored.percentile(0.99));
    }

    @Override
    public String locatePair(String memberA, String memberB) {
        PairKey.Location location = await(PairKey.of(sharding, PairId.of(memberA, memberB)).ask(PairKey.Locate::new, LOCATE_PATIENCE));
        return location == null ? "" : location.server();
    }

    /** The answer, or null where the ask itself timed out: its patience is the bound. */
    private static <T> T await(CompletionStage<T> asked) {
        try {
            return asked.toCompletableFuture().get(LOCATE_PATIENCE.toSeconds() + 1, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    private static String text(Address address) {
        return address.hostPort().substring(address.hostPort().indexOf('@') + 1);
    }
}
