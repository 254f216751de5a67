package org.pairspan.kms.endpoint;

import java.util.List;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.pairspan.kms.presence.Handout;
import org.pairspan.kms.presence.LinkPush;
import org.pairspan.kms.presence.Push;
import org.pairspan.protocol.keyservice.Install;
import org.pairspan.protocol.keyservice.InstallAck;
import org.pairspan.protocol.keyservice.KeyStep;
import org.pairspan.protocol.keyservice.PolicyChanged;
import org.pairspan.protocol.keyservice.Revocations;
import org.pairspan.protocol.keyservice.ServiceFrame;

/** What goes to a registered member unasked, and its acknowledgements. Used by the link's thread. */
final class PushedFrames {

    /** Members in one frame. */
    private static final int REVOCATIONS = 8_192;

    private final LinkServices services;
    private final PendingInstalls pending = new PendingInstalls();

    PushedFrames(LinkServices services) {
        this.services = services;
    }

    /** Sends a push to the member; who sent it is told the outcome in time, or nothing where the member says nothing. */
    void send(LinkPush.ForMember push, Consumer<ServiceFrame> output) {
        switch (push) {
            case Push install -> install(install.handout(), false, install.replyTo(), output);
            case LinkPush.Prepare prepare -> install(prepare.handout(), true, prepare.replyTo(), output);
            case LinkPush.Step step -> output.accept(ServiceFrame.newBuilder().setCorrelationId(pending.add(step.replyTo()))
                    .setKeyStep(KeyStep.newBuilder().setStepValue(step.step()).setPeerNumber(step.peerNumber())
                            .setGeneration(step.generation()).setKeyVersion(step.keyVersion())).build());
        }
    }

    private void install(Handout handout, boolean prepare, ActorRef<Push.Outcome> replyTo, Consumer<ServiceFrame> output) {
        long id = pending.add(replyTo);
        services.sendAssociation(handout, association -> output.accept(ServiceFrame.newBuilder()
                .setCorrelationId(id).setInstall(Install.newBuilder().setAssociation(association).setPrepare(prepare)).build()))
                .ifPresent(why -> pending.remove(id).ifPresent(waiting -> waiting.tell(new Push.Outcome(false, why))));
    }

    /** Has the member close, for good, what it shares with these. */
    static void revoke(List<Integer> numbers, Consumer<ServiceFrame> output) {
        for (int from = 0; from < numbers.size(); from += REVOCATIONS) {
            List<Integer> some = numbers.subList(from, Math.min(numbers.size(), from + REVOCATIONS));
            output.accept(ServiceFrame.newBuilder().setRevocations(Revocations.newBuilder().addAllMemberNumbers(some)).build());
        }
    }

    /** Tells the member which version of the policy is in force. */
    static void policyChanged(long version, Consumer<ServiceFrame> output) {
        output.accept(ServiceFrame.newBuilder().setPolicyChanged(PolicyChanged.newBuilder().setPolicyVersion(version)).build());
    }

    /** The member has answered a push. */
    void acknowledged(long correlationId, InstallAck ack) {
        pending.remove(correlationId).ifPresent(
                replyTo -> replyTo.tell(new Push.Outcome(ack.getInstalled(), ack.getInstalled() ? "" : "the member refused it")));
    }
}
