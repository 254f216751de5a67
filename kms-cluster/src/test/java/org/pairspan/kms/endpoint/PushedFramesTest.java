package org.pairspan.kms.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.net.InetSocketAddress;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pairspan.kms.cluster.EntityTestKit;
import org.pairspan.kms.cluster.Standing;
import org.pairspan.kms.cluster.Standings;
import org.pairspan.kms.directory.MemberEntry;
import org.pairspan.kms.pairkey.PairId;
import org.pairspan.kms.presence.Handout;
import org.pairspan.kms.presence.Push;
import org.pairspan.kms.sealing.SealedKey;

class PushedFramesTest {

    private final ActorTestKit testKit = ActorTestKit.create(EntityTestKit.config());
    private final TestProbe<Push.Outcome> sender = testKit.createTestProbe();

    @AfterEach
    void stop() {
        testKit.shutdownTestKit();
    }

    @Test
    void whoPushesIsToldThatThePolicyHasChanged() {
        push(Standings.held());
        assertEquals(new Push.Outcome(false, "the policy does not allow it any more"), sender.receiveMessage());
    }

    @Test
    void whoPushesIsToldThatTheServerMayNotAnswer() {
        push(Standings.ended());
        assertEquals(new Push.Outcome(false, "this key server stops"), sender.receiveMessage());
    }

    private void push(Standing standing) {
        MemberEntry peer = new MemberEntry("b", 2, List.of(), new InetSocketAddress("192.0.2.2", 4710), List.of(1));
        Handout handout = new Handout(PairId.of("a", "b"), 1, peer, new SealedKey(new byte[1]), 1, 1, 1);
        LinkServices services = new LinkServices(null, null, new AllDenied(), null, null, null, null, null, null, null, standing);
        new PushedFrames(services).send(new Push(7, handout, sender.ref()), frame -> fail("sent " + frame));
    }
}
