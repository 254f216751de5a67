package org.pairspan.kms.cluster;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.StreamSupport;
import org.apache.pekko.cluster.ClusterEvent.CurrentClusterState;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.UniqueAddress;

/** The rule of the split brain resolver's {@code keep-majority}: more than half of the members that are up, or half with the lowest address. */
final class Majority {

    private final List<Member> counting;

    private Majority(List<Member> counting) {
        this.counting = counting;
    }

    static Majority of(CurrentClusterState state) {
        return new Majority(StreamSupport.stream(state.getMembers().spliterator(), false)
                .filter(member -> member.status() == MemberStatus.up() || member.status() == MemberStatus.leaving())
                .sorted((one, other) -> Member.addressOrdering().compare(one.address(), other.address())).toList());
    }

    /** Those that count, lowest address first. */
    List<Member> counting() {
        return counting;
    }

    /**
     * The newest time at which a majority agreed.
     *
     * @param agreed when each server last agreed, in ns; one that is not in it never did
     */
    OptionalLong lastAgreed(Map<UniqueAddress, Long> agreed) {
        List<Member> newestFirst = counting.stream().filter(member -> agreed.containsKey(member.uniqueAddress()))
                .sorted(Comparator.comparing((Member member) -> agreed.get(member.uniqueAddress())).reversed()).toList();
        for (int count = 1; count <= newestFirst.size(); count++) {
            if (holds(newestFirst.subList(0, count))) {
                return OptionalLong.of(agreed.get(newestFirst.get(count - 1).uniqueAddress()));
            }
        }
        return OptionalLong.empty();
    }

    private boolean holds(List<Member> part) {
        return 2 * part.size() > counting.size() || 2 * part.size() == counting.size() && part.contains(counting.getFirst());
    }

    /** Whether this server counts. */
    boolean counts(UniqueAddress server) {
        return counting.stream().anyMatch(member -> member.uniqueAddress().equals(server));
    }

    /** Whether this server is the only one that counts. */
    boolean isOnly(UniqueAddress server) {
        return counting.size() == 1 && counting.getFirst().uniqueAddress().equals(server);
    }

    /** Whether those not named are a majority. */
    boolean withoutHolds(Iterable<UniqueAddress> missing) {
        List<UniqueAddress> gone = StreamSupport.stream(missing.spliterator(), false).toList();
        List<Member> left = counting.stream().filter(member -> !gone.contains(member.uniqueAddress())).toList();
        return !left.isEmpty() && holds(left);
    }
}
