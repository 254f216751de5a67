package org.pairspan.kms.endpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
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
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.SinkQueueWithCancel;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UnsentSecretsTest {

    private static final byte KEY = 7;

    private final ActorSystem<Void> system = ActorSystem.create(Behaviors.empty(), "unsent-secrets-test");
    private final UnsentSecrets unsent = new UnsentSecrets();
    private final List<byte[]> frames = new ArrayList<>();
    private final Pair<Pair<BoundedSourceQueue<byte[]>, CompletionStage<Done>>, SinkQueueWithCancel<byte[]>> link =
            Source.<byte[]>queue(8).via(unsent.watch()).watchTermination(Keep.both())
                    .toMat(Sink.<byte[]>queue(1).withAttributes(Attributes.inputBuffer(1, 1)), Keep.both()).run(system);

    @AfterEach
    void stop() {
        system.terminate();
    }

    private boolean offer() {
        byte[] frame = {0, KEY};
        frames.add(frame);
        unsent.add(frame);
        boolean taken = link.first().first().offer(frame).isEnqueued();
        if (!taken) {
            unsent.refused(frame);
        }
        return taken;
    }

    private byte[] next() throws Exception {
        return link.second().pull().toCompletableFuture().get(10, TimeUnit.SECONDS).orElseThrow();
    }

    private void awaitEnd() throws Exception {
        link.first().second().toCompletableFuture().handle((done, failure) -> done).get(10, TimeUnit.SECONDS);
    }

    /** The end is told to two threads at once. */
    private void assertWiped(int from) {
        long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (System.nanoTime() < limit && frames.subList(from, frames.size()).stream().anyMatch(frame -> frame[1] != 0)) {
            Thread.onSpinWait();
        }
        frames.subList(from, frames.size()).forEach(frame -> assertArrayEquals(new byte[2], frame));
    }

    @Test
    void aSecretIsTakenOnceAndWhatOnlyLooksLikeOneIsNot() {
        byte[] secret = {0, KEY};
        unsent.add(secret);
        assertFalse(unsent.take(secret.clone()));
        assertTrue(unsent.take(secret));
        assertFalse(unsent.take(secret));
        unsent.end();
        assertArrayEquals(new byte[] {0, KEY}, secret, "it is overwritten by whoever encrypts it");
    }

    @Test
    void framesThatPassAreWhole() throws Exception {
        for (int i = 0; i < 5; i++) {
            offer();
            assertEquals(KEY, next()[1]);
        }
        link.first().first().complete();
        awaitEnd();
        frames.forEach(frame -> assertEquals(KEY, frame[1]));
    }

    @Test
    void framesThatWaitWhenTheConnectionBreaksOffAreOverwritten() throws Exception {
        for (int i = 0; i < 8; i++) {
            assertTrue(offer());
        }
        assertEquals(KEY, next()[1]);
        link.first().first().fail(new IOException("broken off"));
        awaitEnd();
        assertEquals(KEY, frames.getFirst()[1]);
        // One more may be in the hands of the reader, and one on its way there.
        assertWiped(3);
    }

    @Test
    void framesThatWaitWhenThePeerHangsUpAreOverwritten() throws Exception {
        for (int i = 0; i < 8; i++) {
            assertTrue(offer());
        }
        link.second().cancel();
        awaitEnd();
        assertWiped(3);
    }

    @Test
    void framesThatFindNoRoomOrNobodyAreOverwritten() throws Exception {
        while (offer()) {
            assertTrue(frames.size() < 100);
        }
        assertWiped(frames.size() - 1);
        link.second().cancel();
        awaitEnd();
        offer();
        assertWiped(frames.size() - 1);
    }
}
