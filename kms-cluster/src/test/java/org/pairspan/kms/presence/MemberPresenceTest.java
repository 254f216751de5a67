package org.pairspan.kms.presence;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pairspan.kms.cluster.EntityTestKit;

class MemberPresenceTest {

    private final ActorTestKit testKit = ActorTestKit.create(ManualTime.config().withFallback(EntityTestKit.config()));
    private final ManualTime time = ManualTime.get(testKit.system());
    private final ActorRef<MemberPresence.Command> presence = testKit.spawn(MemberPresence.create());
    private final TestProbe<MemberPresence.Located> located = testKit.createTestProbe();
    private final TestProbe<LinkPush> olderLink = testKit.createTestProbe();
    private final TestProbe<LinkPush> newerLink = testKit.createTestProbe();
    private final ActorRef<LinkPush> older = olderLink.ref();
    private final ActorRef<LinkPush> newer = newerLink.ref();

    @AfterEach
    void stop() {
        testKit.shutdownTestKit();
    }

    @Test
    void theNewestLinkWinsWhicheverIsAnnouncedLast() {
        expect(0, null);
        presence.tell(new MemberPresence.Announce("a", 1, 1_000, older));
        expect(1, older);
        presence.tell(new MemberPresence.Announce("a", 2, 2_000, newer));
        presence.tell(new MemberPresence.Announce("a", 1, 1_000, older));
        expect(2, newer);
    }

    @Test
    void aLinkHeardOfLaterWinsWhateverTheClocksOfTheServersSay() {
        presence.tell(new MemberPresence.Announce("a", 1, 9_000, older));
        expect(1, older);
        time.timePasses(Duration.ofSeconds(6));
        presence.tell(new MemberPresence.Announce("a", 1, 9_000, older));
        expect(1, older);
        presence.tell(new MemberPresence.Announce("a", 2, 2_000, newer));
        expect(2, newer);
        presence.tell(new MemberPresence.Announce("a", 1, 9_000, older));
        expect(2, newer);
        presence.tell(new MemberPresence.Withdraw("a", newer));
        expect(0, null);
        presence.tell(new MemberPresence.Announce("a", 1, 9_000, older));
        expect(1, older);
    }

    @Test
    void aLinkIsToldThatANewerOneTookItsPlaceWhicheverIsAnnouncedLast() {
        presence.tell(new MemberPresence.Announce("a", 1, 1_000, older));
        presence.tell(new MemberPresence.Announce("a", 1, 1_000, older));
        presence.tell(new MemberPresence.Announce("a", 2, 2_000, newer));
        olderLink.expectMessage(new LinkPush.Superseded());
        presence.tell(new MemberPresence.Announce("a", 1, 1_000, older));
        olderLink.expectMessage(new LinkPush.Superseded());
        olderLink.expectNoMessage();
        newerLink.expectNoMessage();
    }

    @Test
    void whoWaitsForAnotherLinkIsToldOfItOnce() {
        TestProbe<MemberPresence.Located> waiting = testKit.createTestProbe();
        presence.tell(new MemberPresence.Announce("a", 1, 1_000, older));
        presence.tell(new MemberPresence.AwaitLink("a", waiting.ref()));
        presence.tell(new MemberPresence.Announce("a", 1, 1_000, older));
        expect(1, older);
        waiting.expectNoMessage();
        presence.tell(new MemberPresence.Announce("a", 2, 2_000, newer));
        waiting.expectMessage(new MemberPresence.Located(2, newer));
        presence.tell(new MemberPresence.Withdraw("a", newer));
        presence.tell(new MemberPresence.AwaitLink("a", waiting.ref()));
        presence.tell(new MemberPresence.Announce("a", 3, 3_000, older));
        waiting.expectMessage(new MemberPresence.Located(3, older));
        waiting.expectNoMessage();
    }

    @Test
    void theLinkThatServesTheMemberConfirmsThatItStandsDownAndWhereThereIsNoneThatIsSaidAtOnce() {
        TestProbe<MemberPresence.StoodDown> registering = testKit.createTestProbe();
        presence.tell(new MemberPresence.StandDown("a", registering.ref()));
        registering.expectMessage(new MemberPresence.StoodDown());
        presence.tell(new MemberPresence.Announce("a", 1, 1_000, older));
        presence.tell(new MemberPresence.StandDown("a", registering.ref()));
        olderLink.expectMessage(new LinkPush.StandDown(registering.ref()));
        registering.expectNoMessage();
        expect(1, older);
    }

    @Test
    void aWithdrawnLinkIsForgottenAndAnotherOneStays() {
        presence.tell(new MemberPresence.Announce("a", 2, 2_000, newer));
        presence.tell(new MemberPresence.Withdraw("a", older));
        expect(2, newer);
        presence.tell(new MemberPresence.Withdraw("a", newer));
        expect(0, null);
    }

    @Test
    void aLinkThatIsNoLongerAnnouncedIsForgotten() {
        presence.tell(new MemberPresence.Announce("a", 1, 1_000, older));
        time.timePasses(Duration.ofSeconds(11));
        expect(1, older);
        presence.tell(new MemberPresence.Announce("a", 1, 1_000, older));
        expect(1, older);
        time.timePasses(Duration.ofSeconds(11));
        expect(1, older);
        time.timePasses(Duration.ofSeconds(2));
        expect(0, null);
    }

    private void expect(long incarnation, ActorRef<LinkPush> link) {
        presence.tell(new MemberPresence.Locate("a", located.ref()));
        assertEquals(new MemberPresence.Located(incarnation, link), located.receiveMessage());
    }
}
