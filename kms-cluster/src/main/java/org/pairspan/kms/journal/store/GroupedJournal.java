package org.pairspan.kms.journal.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.journal.japi.AsyncWriteJournal;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import scala.concurrent.Future;
import scala.jdk.javaapi.CollectionConverters;
import scala.jdk.javaapi.FutureConverters;
import scala.jdk.javaapi.OptionConverters;

/** The journal as Pekko Persistence wants it, which makes it by its name in the configuration. */
public final class GroupedJournal extends AsyncWriteJournal {

    private final JournalStore store = JournalStore.of(context().system());
    private final Serialization serialization = SerializationExtension.get(context().system());
    /** The last write of each entity that writes now: one that starts again reads only after it. */
    private final Map<String, CompletionStage<Void>> underWay = new ConcurrentHashMap<>();

    @Override
    public Future<Iterable<Optional<Exception>>> doAsyncWriteMessages(Iterable<AtomicWrite> messages) {
        List<EventRow> rows = new ArrayList<>();
        long now = System.currentTimeMillis();
        for (AtomicWrite write : messages) {
            for (PersistentRepr event : CollectionConverters.asJava(write.payload())) {
                rows.add(new EventRow(event.persistenceId(), event.sequenceNr(), event.writerUuid(), now, event.manifest(),
                        Payload.of(event.payload(), serialization),
                        OptionConverters.toJava(event.metadata()).map(meta -> Payload.of(meta, serialization)).orElse(null)));
            }
        }
        String entity = rows.getFirst().entity();
        CompletionStage<Void> write = store.insert(rows);
        underWay.put(entity, write);
        write.whenComplete((done, failure) -> underWay.remove(entity, write));
        // No exception at all means that none of them was rejected.
        return scala(write.thenApply(done -> List.of()));
    }

    @Override
    public Future<Void> doAsyncDeleteMessagesTo(String entity, long upTo) {
        return scala(store.deleteEvents(entity, upTo));
    }

    @Override
    public Future<Long> doAsyncReadHighestSequenceNr(String entity, long from) {
        CompletionStage<Void> write = underWay.getOrDefault(entity, CompletableFuture.completedStage(null));
        return scala(write.handle((done, failure) -> done).thenCompose(done -> store.highestNumber(entity)));
    }

    @Override
    public Future<Void> doAsyncReplayMessages(String entity, long from, long to, long most, Consumer<PersistentRepr> replay) {
        return scala(store.read(new EventTable.Range(entity, from, to, most)).thenApply(rows -> {
            rows.forEach(row -> replay.accept(event(row)));
            return null;
        }));
    }

    private PersistentRepr event(EventRow row) {
        PersistentRepr event = PersistentRepr.apply(row.event().value(serialization), row.number(), row.entity(), row.manifest(), false,
                ActorRef.noSender(), row.writer()).withTimestamp(row.timestamp());
        return row.meta() == null ? event : event.withMetadata(row.meta().value(serialization));
    }

    private static <T> Future<T> scala(CompletionStage<T> stage) {
        return FutureConverters.asScala(stage);
    }
}
