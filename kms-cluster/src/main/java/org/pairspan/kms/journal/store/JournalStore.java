package org.pairspan.kms.journal.store;

import com.typesafe.config.Config;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.Extension;
import org.apache.pekko.actor.AbstractExtensionId;

/**
 * What an actor system's entities have in the database. Any thread; nothing blocks, and every stage completes within the time limits of the
 * connections.
 */
public final class JournalStore implements Extension {

    /** Where an actor system's configuration says where the database is and how it is reached. */
    public static final String CONFIG = "pairspan-journal-database";

    private static final Id ID = new Id();

    private final HikariDataSource pool;
    private final ExecutorService threads = Executors.newCachedThreadPool(Thread.ofPlatform().name("journal-", 1).daemon(true).factory());
    private final Grouped<List<EventRow>, Void> writes;
    private final Grouped<String, Long> numbers;
    private final Grouped<EventTable.Range, List<EventRow>> events;
    private final Grouped<SnapshotTable.Range, Optional<SnapshotRow>> snapshots;
    private final Grouped<Change, Void> changes;

    private static final class Id extends AbstractExtensionId<JournalStore> {
        @Override
        public JournalStore createExtension(ExtendedActorSystem system) {
            JournalStore store = new JournalStore(system.settings().config().getConfig(CONFIG));
            system.registerOnTermination(store::close);
            return store;
        }
    }

    /** What is done alone. */
    @FunctionalInterface
    private interface Change {
        void make(Connection connection) throws SQLException;
    }

    JournalStore(Config config) {
        pool = new HikariDataSource(pool(config));
        int workers = config.getInt("workers");
        writes = new Grouped<>(config.getInt("writers"), threads, pool::getConnection, EventTable::insert);
        numbers = new Grouped<>(workers, threads, pool::getConnection, EventTable::highest);
        events = new Grouped<>(workers, threads, pool::getConnection, EventTable::read);
        snapshots = new Grouped<>(workers, threads, pool::getConnection, SnapshotTable::newest);
        changes = new Grouped<>(workers, threads, pool::getConnection, JournalStore::make);
    }

    private static HikariConfig pool(Config config) {
        HikariConfig pool = new HikariConfig();
        pool.setPoolName("journal");
        pool.setJdbcUrl(config.getString("url"));
        if (config.hasPath("user")) {
            pool.setUsername(config.getString("user"));
        }
        if (config.hasPath("password")) {
            pool.setPassword(config.getString("password"));
        }
        for (Map.Entry<String, Object> property : config.getObject("properties").unwrapped().entrySet()) {
            pool.addDataSourceProperty(property.getKey(), property.getValue());
        }
        pool.setMaximumPoolSize(config.getInt("connections"));
        pool.setMinimumIdle(1);
        pool.setConnectionTimeout(config.getDuration("connection-timeout").toMillis());
        pool.setValidationTimeout(config.getDuration("validation-timeout").toMillis());
        // Connections come as they are needed: a database that is away now does not keep the server from starting.
        pool.setInitializationFailTimeout(-1);
        return pool;
    }

    private static void make(Connection connection, List<Grouped.Piece<Change, Void>> group) throws SQLException {
        for (Grouped.Piece<Change, Void> piece : group) {
            piece.question().make(connection);
            piece.answer().complete(null);
        }
    }

    static JournalStore of(ActorSystem system) {
        return ID.get(system);
    }

    /** Stores events of one entity, all or nothing; fails where one of the numbers is taken. */
    CompletionStage<Void> insert(List<EventRow> write) {
        return writes.ask(write);
    }

    /** The number of an entity's newest event, also of one that was erased; 0 where there is none. */
    CompletionStage<Long> highestNumber(String entity) {
        return numbers.ask(entity);
    }

    /** Events in the order of their numbers, without those that were erased. */
    CompletionStage<List<EventRow>> read(EventTable.Range range) {
        return events.ask(range);
    }

    CompletionStage<Void> deleteEvents(String entity, long upTo) {
        return changes.ask(connection -> EventTable.delete(connection, entity, upTo));
    }

    CompletionStage<Optional<SnapshotRow>> newestSnapshot(SnapshotTable.Range range) {
        return snapshots.ask(range);
    }

    CompletionStage<Void> save(SnapshotRow snapshot) {
        return changes.ask(connection -> SnapshotTable.save(connection, snapshot));
    }

    CompletionStage<Void> deleteSnapshots(SnapshotTable.Range range) {
        return changes.ask(connection -> SnapshotTable.delete(connection, range));
    }

    void close() {
        threads.shutdown();
        pool.close();
    }
}
