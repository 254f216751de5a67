package org.pairspan.kms.cluster;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.actor.AbstractActor;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.Props;
import org.apache.pekko.actor.SystemGuardian;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.stream.SystemMaterializer;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.Test;

class OverdueStreamsTest {

    /** Lets the system end only when a stream has ended, as the transport does. */
    private static final class WaitsForStream extends AbstractActor {

        private final ActorRef guardian;
        private final CompletionStage<Done> stream;

        WaitsForStream(ActorRef guardian, CompletionStage<Done> stream) {
            this.guardian = guardian;
            this.stream = stream;
        }

        @Override
        public void preStart() {
            guardian.tell(SystemGuardian.RegisterTerminationHook$.MODULE$, getSelf());
        }

        @Override
        public Receive createReceive() {
            ActorRef self = getSelf();
            return receiveBuilder().matchEquals(SystemGuardian.TerminationHook$.MODULE$, hook ->
                    stream.whenComplete((done, failure) -> guardian.tell(SystemGuardian.TerminationHookDone$.MODULE$, self))).build();
        }
    }

    @Test
    void aStreamThatNeverEndsDoesNotHoldTheSystemThatEnds() throws Exception {
        ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "overdue");
        OverdueStreams.endWith(system, Duration.ofMillis(100));
        ExtendedActorSystem classic = (ExtendedActorSystem) Adapter.toClassic(system);
        CompletionStage<Done> stream = Source.never().runWith(Sink.ignore(), SystemMaterializer.get(classic).materializer());
        ActorRef guardian = classic.provider().systemGuardian();
        classic.systemActorOf(Props.create(WaitsForStream.class, () -> new WaitsForStream(guardian, stream)), "waits-for-stream");
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().get(5, TimeUnit.SECONDS);
    }
}
