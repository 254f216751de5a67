package org.pairspan.kms.journal.store;

import java.util.Optional;
import org.apache.pekko.persistence.SelectedSnapshot;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;
import org.apache.pekko.persistence.snapshot.japi.SnapshotStore;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import scala.Option;
import scala.concurrent.Future;
import scala.jdk.javaapi.FutureConverters;
import scala.jdk.javaapi.OptionConverters;

/** The snapshots as Pekko Persistence wants them, which makes this by its name in the configuration. */
public final class GroupedSnapshots extends SnapshotStore {

    private final JournalStore store = JournalStore.of(context().system());
    private final Serialization serialization = SerializationExtension.get(context().system());

    @Override
    public Future<Optional<SelectedSnapshot>> doLoadAsync(String entity, SnapshotSelectionCriteria criteria) {
        return FutureConverters.asScala(store.newestSnapshot(range(entity, criteria)).thenApply(found -> found.map(this::selected)));
    }

    private SelectedSnapshot selected(SnapshotRow row) {
        Option<Object> meta = row.meta() == null ? Option.empty() : Option.apply(row.meta().value(serialization));
        return SelectedSnapshot.create(new SnapshotMetadata(row.entity(), row.number(), row.created(), meta), row.state().value(serialization));
    }

    @Override
    public Future<Void> doSaveAsync(SnapshotMetadata metadata, Object snapshot) {
        return FutureConverters.asScala(store.save(new SnapshotRow(metadata.persistenceId(), metadata.sequenceNr(), metadata.timestamp(),
                Payload.of(snapshot, serialization),
                OptionConverters.toJava(metadata.metadata()).map(meta -> Payload.of(meta, serialization)).orElse(null))));
    }

    /** Of this number, whenever it was made: the time is often not known. */
    @Override
    public Future<Void> doDeleteAsync(SnapshotMetadata metadata) {
        return FutureConverters.asScala(store.deleteSnapshots(new SnapshotTable.Range(metadata.persistenceId(), metadata.sequenceNr(),
                metadata.sequenceNr(), Long.MIN_VALUE, Long.MAX_VALUE)));
    }

    @Override
    public Future<Void> doDeleteAsync(String entity, SnapshotSelectionCriteria criteria) {
        return FutureConverters.asScala(store.deleteSnapshots(range(entity, criteria)));
    }

    private static SnapshotTable.Range range(String entity, SnapshotSelectionCriteria criteria) {
        return new SnapshotTable.Range(entity, criteria.minSequenceNr(), criteria.maxSequenceNr(), criteria.minTimestamp(), criteria.maxTimestamp());
    }
}
