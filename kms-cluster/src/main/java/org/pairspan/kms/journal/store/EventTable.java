package org.pairspan.kms.journal.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.pairspan.kms.journal.store.Grouped.Piece;

/** The statements of the table of events. */
final class EventTable {

    private static final String INSERT = """
            INSERT INTO event_journal (deleted, persistence_id, sequence_number, writer, write_timestamp, adapter_manifest,
                event_payload, event_ser_id, event_ser_manifest, meta_payload, meta_ser_id, meta_ser_manifest)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""";
    private static final String HIGHEST =
            "SELECT entity, (SELECT MAX(sequence_number) FROM event_journal WHERE persistence_id = entity) FROM wanted";
    private static final String READ = """
            SELECT sequence_number, writer, write_timestamp, adapter_manifest, event_payload, event_ser_id, event_ser_manifest,
                meta_payload, meta_ser_id, meta_ser_manifest
            FROM event_journal
            WHERE persistence_id = ? AND sequence_number BETWEEN ? AND ? AND deleted = ?
            ORDER BY sequence_number LIMIT ?""";
    /** The newest event stays, empty: its number is taken. */
    private static final String DELETE_ALL_BUT_NEWEST = """
            DELETE FROM event_journal WHERE persistence_id = ? AND sequence_number <= ?
              AND sequence_number < (SELECT MAX(sequence_number) FROM event_journal WHERE persistence_id = ?)""";
    private static final String EMPTY = """
            UPDATE event_journal SET deleted = ?, event_payload = ? WHERE persistence_id = ? AND sequence_number <= ? AND deleted = ?""";

    /** Classes of SQL states: data exception, integrity constraint violation. */
    private static final Set<String> FAULTS_OF_ONE = Set.of("22", "23");
    private static final int SQLITE_CONSTRAINT = 19;

    private EventTable() {
    }

    /** Events of an entity, from one number to another, at most so many. */
    record Range(String entity, long from, long to, long most) {
    }

    /**
     * Stores what several entities write, each all or nothing. One that another server was quicker with, or that the database cannot take,
     * is refused, and does not take the others with it.
     */
    static void insert(Connection connection, List<Piece<List<EventRow>, Void>> group) throws SQLException {
        connection.setAutoCommit(false);
        try {
            insertAll(connection, group.stream().map(Piece::question).toList());
        } catch (SQLException e) {
            if (group.size() == 1 || !isFaultOfOne(e)) {
                throw e;
            }
            for (Piece<List<EventRow>, Void> piece : group) {
                insertAlone(connection, piece);
            }
        }
        group.forEach(piece -> piece.answer().complete(null));
    }

    private static void insertAlone(Connection connection, Piece<List<EventRow>, Void> piece) throws SQLException {
        try {
            insertAll(connection, List.of(piece.question()));
            piece.answer().complete(null);
        } catch (SQLException e) {
            if (!isFaultOfOne(e)) {
                throw e;
            }
            piece.answer().completeExceptionally(e);
        }
    }

    private static void insertAll(Connection connection, List<List<EventRow>> writes) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            for (List<EventRow> write : writes) {
                for (EventRow row : write) {
                    insert.setBoolean(1, false);
                    insert.setString(2, row.entity());
                    insert.setLong(3, row.number());
                    insert.setString(4, row.writer());
                    insert.setLong(5, row.timestamp());
                    insert.setString(6, row.manifest());
                    Parameters.setPayload(insert, 7, row.event());
                    Parameters.setPayload(insert, 10, row.meta());
                    insert.addBatch();
                }
            }
            insert.executeBatch();
        } catch (SQLException e) {
            connection.rollback();
            throw e;
        }
        connection.commit();
    }

    /** Whether a number was taken already, or a value is none that the database takes. */
    private static boolean isFaultOfOne(SQLException failure) {
        for (Throwable e = failure; e instanceof SQLException sql; e = e.getCause()) {
            if (sql.getSQLState() != null && FAULTS_OF_ONE.contains(sql.getSQLState().substring(0, Math.min(2, sql.getSQLState().length())))
                    || (sql.getErrorCode() & 0xFF) == SQLITE_CONSTRAINT) {
                return true;
            }
        }
        return false;
    }

    /** The number of each entity's newest event, also of one that was erased; 0 where there is none. */
    static void highest(Connection connection, List<Piece<String, Long>> group) throws SQLException {
        Map<String, Long> highest = highest(connection, HIGHEST, group.stream().map(Piece::question).toList());
        group.forEach(piece -> piece.answer().complete(highest.get(piece.question())));
    }

    /** What a query for entities and a number for each gives; 0 for null. */
    static Map<String, Long> highest(Connection connection, String query, List<String> entities) throws SQLException {
        Map<String, Long> highest = new HashMap<>();
        try (PreparedStatement select = connection.prepareStatement(Parameters.wanted(entities.size()) + query)) {
            Parameters.setEntities(select, entities);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    highest.put(rows.getString(1), rows.getLong(2));
                }
            }
        }
        return highest;
    }

    /** Events in the order of their numbers, without those that were erased. */
    static void read(Connection connection, List<Piece<Range, List<EventRow>>> group) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(READ)) {
            for (Piece<Range, List<EventRow>> piece : group) {
                piece.answer().complete(read(select, piece.question()));
            }
        }
    }

    private static List<EventRow> read(PreparedStatement select, Range range) throws SQLException {
        select.setString(1, range.entity());
        select.setLong(2, range.from());
        select.setLong(3, range.to());
        select.setBoolean(4, false);
        select.setLong(5, range.most());
        List<EventRow> events = new ArrayList<>();
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                events.add(new EventRow(range.entity(), rows.getLong(1), rows.getString(2), rows.getLong(3), rows.getString(4),
                        Parameters.payload(rows, 5), Parameters.payload(rows, 8)));
            }
        }
        return events;
    }

    /** Takes an entity's events up to a number out of the journal. */
    static void delete(Connection connection, String entity, long upTo) throws SQLException {
        try (PreparedStatement empty = connection.prepareStatement(EMPTY);
                PreparedStatement delete = connection.prepareStatement(DELETE_ALL_BUT_NEWEST)) {
            empty.setBoolean(1, true);
            empty.setBytes(2, new byte[0]);
            empty.setString(3, entity);
            empty.setLong(4, upTo);
            empty.setBoolean(5, false);
            empty.executeUpdate();
            delete.setString(1, entity);
            delete.setLong(2, upTo);
            delete.setString(3, entity);
            delete.executeUpdate();
        }
    }
}
