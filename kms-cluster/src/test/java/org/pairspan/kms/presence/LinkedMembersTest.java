package org.pairspan.kms.presence;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pairspan.kms.cluster.EntityTestKit;
import org.pairspan.kms.directory.MemberEntry;
import org.pairspan.protocol.address.IpPrefix;

class LinkedMembersTest {

    private static final byte[] IN_A = {10, 1, 0, 5};
    private static final byte[] IN_B = {10, 2, 0, 5};

    private final ActorTestKit testKit = ActorTestKit.create(EntityTestKit.config());
    private final ActorRef<LinkPush> older = testKit.<LinkPush>createTestProbe().ref();
    private final ActorRef<LinkPush> newer = testKit.<LinkPush>createTestProbe().ref();
    private final LinkedMembers members = new LinkedMembers();

    @AfterEach
    void stop() {
        testKit.shutdownTestKit();
    }

    @Test
    void aConnectedMemberIsFoundByAddressAndNumberUntilItLeaves() {
        LinkedMember a = member("a", 1, "10.1.0.0/16", older);
        members.enter(a);
        members.enter(member("b", 2, "10.2.0.0/16", newer));
        assertEquals(Optional.of(a), members.byAddress(IN_A));
        assertEquals(Optional.of(a), members.byNumber(1));
        members.leave("a", older);
        assertEquals(Optional.empty(), members.byAddress(IN_A));
        assertEquals(Optional.empty(), members.byNumber(1));
        assertEquals("b", members.byAddress(IN_B).orElseThrow().entry().id());
    }

    @Test
    void aNewerLinkTakesThePlaceOfAnOlderOneWhichThenLeavesNothing() {
        members.enter(member("a", 1, "10.1.0.0/16", older));
        LinkedMember again = member("a", 1, "10.2.0.0/16", newer);
        members.enter(again);
        members.leave("a", older);
        assertEquals(Optional.empty(), members.byAddress(IN_A));
        assertEquals(Optional.of(again), members.byAddress(IN_B));
        assertEquals(Optional.of(again), members.byNumber(1));
    }

    @Test
    void whatHasBecomeAnothersStaysTheOthersWhenTheOldLinkEnds() {
        members.enter(member("a", 1, "10.1.0.0/16", older));
        LinkedMember b = member("b", 2, "10.1.0.0/16", newer);
        members.enter(b);
        assertEquals(Optional.of(b), members.byAddress(IN_A));
        members.leave("a", older);
        assertEquals(Optional.of(b), members.byAddress(IN_A));
        members.leave("b", newer);
        assertEquals(Optional.empty(), members.byAddress(IN_A));
    }

    private static LinkedMember member(String id, int number, String prefix, ActorRef<LinkPush> link) {
        return new LinkedMember(new MemberEntry(id, number, List.of(IpPrefix.parse(prefix)), new InetSocketAddress("127.0.0.1", 7000), List.of(1)),
                7, link);
    }
}
