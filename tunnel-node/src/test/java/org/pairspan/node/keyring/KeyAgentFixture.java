package org.pairspan.node.keyring;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.keyservice.Association;
import org.pairspan.protocol.keyservice.Refusal;

/** A key agent between a key service that answers what the test says and a data plane that takes what the test lets it. */
abstract class KeyAgentFixture {
    static final long SEED = 42;
    static final byte[] ADDRESS = Messages.address("10.2.0.5");

    record Question(Target target, long aboveGeneration, CompletableFuture<Reply.Answer> answer) {
        void grant(Association.Builder association) {
            answer.complete(new Reply.Granted(Messages.offer(association)));
        }

        void refuse(Refusal.Reason reason) {
            answer.complete(new Reply.Refused(reason, "as the test wants"));
        }
    }

    record Installed(AssociationGrant grant, CompletableFuture<Void> done) {
    }

    static final class FakeDataPlane implements DataPlane {
        final List<Installed> installed = new ArrayList<>();
        final List<String> unknown = new ArrayList<>();
        final List<AssociationChange> changes = new ArrayList<>();
        boolean full;

        @Override
        public CompletionStage<Void> install(AssociationGrant grant) {
            installed.add(new Installed(grant, new CompletableFuture<>()));
            return installed.getLast().done();
        }

        @Override
        public CompletionStage<Boolean> change(AssociationChange change) {
            changes.add(change);
            return full ? CompletableFuture.failedStage(new IllegalStateException("full")) : CompletableFuture.completedStage(true);
        }

        @Override
        public void peerUnknown(byte[] address, Duration forget) {
            unknown.add(HexFormat.of().formatHex(address) + " for " + forget);
        }
    }

    static final class FakeReply implements KeyService.InstallReply {
        String said = "";

        @Override
        public void installed() {
            said += "installed";
        }

        @Override
        public void refused(String reason) {
            said += "refused: " + reason;
        }
    }

    final List<Question> asked = new ArrayList<>();
    final FakeDataPlane dataPlane = new FakeDataPlane();
    final DemandQueue demands = new DemandQueue(() -> { });
    long nowNs = Long.MAX_VALUE - Duration.ofSeconds(3).toNanos();
    final KeyAgent agent = new KeyAgent(() -> nowNs, this::ask, dataPlane, demands,
            new Associations(Messages.OWN_ID, List.of(Messages.OWN_PREFIX), List.of(Suite.AES_256_GCM, Suite.SM4_GCM),
                    (peer, terms) -> Optional.empty(), grant -> { }, dataPlane),
            new OpenQuestions(new Random(SEED)), held -> CompletableFuture.failedFuture(new IOException("not asked here")), () -> { });

    CompletableFuture<Reply.Answer> ask(Target target, long aboveGeneration, int heldVersion) {
        asked.add(new Question(target, aboveGeneration, new CompletableFuture<>()));
        return asked.getLast().answer();
    }

    void pass(Duration time) {
        nowNs += time.toNanos();
        agent.doWork();
    }

    FakeReply push(AssociationOffer offer) {
        FakeReply reply = new FakeReply();
        agent.onInstall(offer, reply);
        agent.doWork();
        return reply;
    }

    void installGeneration(long generation) {
        push(Messages.offer(generation));
        dataPlane.installed.getLast().done().complete(null);
        agent.doWork();
    }

    void pushThatFindsNoRoom(long generation) {
        push(Messages.offer(generation));
        dataPlane.installed.getLast().done().completeExceptionally(new IllegalStateException("full"));
        agent.doWork();
    }
}
