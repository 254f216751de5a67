package org.pairspan.kms.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.Attributes;
import org.apache.pekko.stream.BoundedSourceQueue;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.UniqueKillSwitch;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pairspan.kms.endpoint.LinkOutput.LinkAbortedException;
import org.pairspan.protocol.keyservice.Pong;
import org.pairspan.protocol.keyservice.ServiceFrame;

/** The way to a member that reads when the test does. */
class LinkOutputTest {

    private static final int CAPACITY = 8;
    private static final ServiceFrame FRAME = ServiceFrame.newBuilder().setCorrelationId(1).setPong(Pong.getDefaultInstance()).build();

    private final ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "link-output-test");
    private final UnsentSecrets unsent = new UnsentSecrets();
    private final List<Runnable> later = new ArrayList<>();
    private final LinkOutput output;
    private final SinkQueueWithCancel<byte[]> member;
    private final CompletionStage<Done> end;

    LinkOutputTest() {
        Pair<Pair<Pair<BoundedSourceQueue<byte[]>, UniqueKillSwitch>, CompletionStage<Done>>, SinkQueueWithCancel<byte[]>> link =
                Source.<byte[]>queue(CAPACITY).viaMat(KillSwitches.single(), Keep.both()).via(unsent.watch()).watchTermination(Keep.both())
                        .toMat(Sink.<byte[]>queue(1).withAttributes(Attributes.inputBuffer(1, 1)), Keep.both()).run(system);
        output = new LinkOutput(link.first().first().first(), link.first().first().second(), unsent, later::add);
        end = link.first().second();
        member = link.second();
    }

    @AfterEach
    void stop() {
        system.terminate();
    }

    /** What the connection ended with; null: as it should. */
    private Throwable end() throws Exception {
        return end.toCompletableFuture().handle((done, failure) -> failure).get(10, TimeUnit.SECONDS);
    }

    private void fill() {
        for (int i = 0; i < CAPACITY; i++) {
            assertTrue(output.send(FRAME));
        }
    }

    @Test
    void aMemberThatReadsGetsAllThatWasSaidBeforeTheEnd() throws Exception {
        fill();
        output.close();
        int count = 0;
        while (member.pull().toCompletableFuture().get(10, TimeUnit.SECONDS).isPresent()) {
            count++;
        }
        assertEquals(CAPACITY, count);
        assertEquals(null, end());
    }

    @Test
    void aMemberThatDoesNotReadDoesNotKeepAConnectionThatWasClosed() throws Exception {
        fill();
        output.close();
        assertFalse(end.toCompletableFuture().isDone());
        assertEquals(1, later.size());
        later.getFirst().run();
        assertInstanceOf(LinkAbortedException.class, end());
    }

    @Test
    void aConnectionThatWasClosedCanBeBrokenOff() throws Exception {
        fill();
        output.close();
        output.abort("revoked");
        assertEquals("revoked", end().getMessage());
    }

    @Test
    void aMemberThatReadsTooLittleIsCutOff() throws Exception {
        int sent = 0;
        while (output.send(FRAME)) {
            sent++;
        }
        assertTrue(sent >= CAPACITY && sent <= CAPACITY + 4, sent + " frames wait");
        assertInstanceOf(LinkAbortedException.class, end());
        assertFalse(output.send(FRAME));
    }
}
