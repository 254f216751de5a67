package org.pairspan.kms.source.quantum;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.pairspan.kms.etsi014.KeyContainer;
import org.pairspan.kms.source.KeyOrigin;
import org.pairspan.kms.source.KeySource;
import org.pairspan.kms.source.KeySourceException;
import org.pairspan.kms.source.SourcedKey;

/** A KME that is a queue, and time that is a list. */
class QuantumKeySourceTest {

    private final Deque<CompletableFuture<KeyContainer>> questions = new ArrayDeque<>();
    private final List<Integer> numbers = new ArrayList<>();
    private final Deque<Runnable> later = new ArrayDeque<>();
    private final List<Duration> pauses = new ArrayList<>();
    private int made;

    private QuantumKeySource source(int batch, int prefetch) {
        return new QuantumKeySource(number -> {
            numbers.add(number);
            questions.add(new CompletableFuture<>());
            return questions.getLast();
        }, new QuantumKeySource.Limits(batch, prefetch, Duration.ofSeconds(20), Duration.ofSeconds(3)), pause -> {
            pauses.add(pause);
            return later::add;
        });
    }

    @Test
    void keysAreFetchedAheadAndEachIsGivenOnce() {
        QuantumKeySource source = source(4, 6);
        source.begin();
        KeyContainer first = keys(4);
        byte[] expected = first.keys().getFirst().bytes().clone();
        questions.poll().complete(first);
        questions.poll().complete(keys(2));
        assertEquals(List.of(4, 2), numbers);
        assertEquals(6, source.ready());
        SourcedKey key = source.next().toCompletableFuture().join();
        assertArrayEquals(expected, key.bytes());
        assertEquals(KeyOrigin.QUANTUM, key.origin());
        assertEquals(5, source.ready());
        assertEquals(List.of(4, 2, 1), numbers);
    }

    @Test
    void whoeverComesBeforeTheKeysWaitsForThem() {
        QuantumKeySource source = source(4, 0);
        CompletionStage<SourcedKey> one = source.next();
        CompletionStage<SourcedKey> two = source.next();
        assertFalse(one.toCompletableFuture().isDone());
        questions.poll().complete(keys(1));
        assertTrue(one.toCompletableFuture().isDone());
        questions.poll().complete(keys(1));
        assertEquals(KeySource.KEY_LENGTH, two.toCompletableFuture().join().bytes().length);
        assertEquals(0, source.ready());
    }

    @Test
    void afterAFailureTheKmeIsLeftAloneForLongerEachTimeAndAskersAreToldAtOnce() {
        QuantumKeySource source = source(4, 4);
        CompletionStage<SourcedKey> waiting = source.next();
        for (int i = 0; i < 5; i++) {
            questions.poll().completeExceptionally(new KmeException(KmeFailure.UNAVAILABLE, "the KME answered with status 503"));
            assertEquals(0, questions.size());
            assertTrue(failure(i == 0 ? waiting : source.next()).getMessage().contains("503"));
            assertTrue(source.trouble().contains("UNAVAILABLE"));
            later.poll().run();
        }
        assertEquals(List.of(500L, 1000L, 2000L, 3000L, 3000L), pauses.stream().map(Duration::toMillis).toList());
        questions.poll().complete(keys(4));
        assertEquals("", source.trouble());
        assertEquals(4, source.ready());
        assertEquals(Map.of("UNAVAILABLE", 5L), source.counters().failures());
    }

    @Test
    void aClientThatThrowsIsAskedAgain() {
        List<Integer> asked = new ArrayList<>();
        QuantumKeySource source = new QuantumKeySource(number -> {
            asked.add(number);
            throw new IllegalStateException("no connection can be made");
        }, new QuantumKeySource.Limits(1, 0, Duration.ofSeconds(20), Duration.ofSeconds(3)), pause -> later::add);
        assertTrue(failure(source.next()).getMessage().contains("no connection can be made"));
        later.poll().run();
        assertTrue(failure(source.next()).getMessage().contains("no connection can be made"));
        assertEquals(List.of(1, 1), asked);
    }

    @Test
    void keysThatComeWhenNobodyWaitsAnyMoreAreWiped() {
        KeyContainer late = keys(2);
        CompletableFuture<KeyContainer> answer = CompletableFuture.failedFuture(new KmeException(KmeFailure.TIMEOUT, "no answer"));
        assertFalse(KmeClient.give(late, answer));
        late.keys().forEach(key -> assertArrayEquals(new byte[KeySource.KEY_LENGTH], key.bytes()));
        KeyContainer inTime = keys(1);
        CompletableFuture<KeyContainer> awaited = new CompletableFuture<>();
        assertTrue(KmeClient.give(inTime, awaited));
        assertEquals(inTime, awaited.join());
    }

    @Test
    void aKeyThatCameBeforeIsRefusedWithAllThatCameWithIt() {
        QuantumKeySource source = source(2, 2);
        source.begin();
        KeyContainer first = keys(1);
        byte[] repeated = first.keys().getFirst().bytes().clone();
        questions.poll().complete(first);
        KeyContainer second = new KeyContainer(List.of(new KeyContainer.Key(UUID.randomUUID(), repeated)));
        questions.poll().complete(second);
        assertEquals(1, source.ready());
        assertEquals(Map.of("REPEATED", 1L), source.counters().failures());
        assertArrayEquals(new byte[KeySource.KEY_LENGTH], second.keys().getFirst().bytes());
    }

    @Test
    void anIdThatCameBeforeIsRefused() {
        QuantumKeySource source = source(2, 2);
        source.begin();
        KeyContainer first = keys(1);
        questions.poll().complete(first);
        questions.poll().complete(new KeyContainer(List.of(new KeyContainer.Key(first.keys().getFirst().id(), key()))));
        assertEquals(1, source.ready());
        assertEquals(Map.of("REPEATED", 1L), source.counters().failures());
    }

    @Test
    void whatIsNotAsItWasAskedForIsRefused() {
        Map<KmeFailure, KeyContainer> wrong = Map.of(
                KmeFailure.WRONG_LENGTH, new KeyContainer(List.of(new KeyContainer.Key(UUID.randomUUID(), new byte[16]))),
                KmeFailure.WORTHLESS, new KeyContainer(List.of(new KeyContainer.Key(UUID.randomUUID(), new byte[32]))),
                KmeFailure.TOO_MANY, keys(3));
        wrong.forEach((kind, answer) -> {
            QuantumKeySource source = source(2, 2);
            source.begin();
            questions.pollLast().complete(answer);
            assertEquals(0, source.ready());
            assertEquals(Map.of(kind.name(), 1L), source.counters().failures());
        });
    }

    @Test
    void aClosedSourceHasWipedItsKeysAndGivesNone() {
        QuantumKeySource source = source(2, 2);
        source.begin();
        KeyContainer kept = keys(2);
        questions.poll().complete(kept);
        source.close();
        kept.keys().forEach(key -> assertArrayEquals(new byte[KeySource.KEY_LENGTH], key.bytes()));
        assertTrue(failure(source.next()).getMessage().contains("closed"));
        assertEquals(0, questions.size());
    }

    private KeyContainer keys(int number) {
        List<KeyContainer.Key> keys = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            keys.add(new KeyContainer.Key(UUID.randomUUID(), key()));
        }
        return new KeyContainer(keys);
    }

    private byte[] key() {
        byte[] key = new byte[KeySource.KEY_LENGTH];
        key[0] = (byte) ++made;
        return key;
    }

    private static KeySourceException failure(CompletionStage<SourcedKey> asked) {
        return assertInstanceOf(KeySourceException.class,
                assertThrows(CompletionException.class, () -> asked.toCompletableFuture().join()).getCause());
    }
}
