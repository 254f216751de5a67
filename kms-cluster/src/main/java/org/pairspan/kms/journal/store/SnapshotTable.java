package org.pairspan.kms.journal.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pairspan.kms.journal.store.Grouped.Piece;

/** The statements of the table of snapshots. */
final class SnapshotTable {

    private static final String NEWEST = "SELECT entity, (SELECT MAX(sequence_number) FROM snapshot WHERE persistence_id = entity) FROM wanted";
    private static final String RANGE = "WHERE persistence_id = ? AND sequence_number BETWEEN ? AND ? AND created BETWEEN ? AND ?";
    private static final String READ = """
            SELECT sequence_number, created, snapshot_payload, snapshot_ser_id, snapshot_ser_manifest,
                meta_payload, meta_ser_id, meta_ser_manifest
            FROM snapshot\s""" + RANGE + " ORDER BY sequence_number DESC LIMIT 1";
    private static final String SAVE = """
            INSERT INTO snapshot (persistence_id, sequence_number, created, snapshot_payload, snapshot_ser_id, snapshot_ser_manifest,
                meta_payload, meta_ser_id, meta_ser_manifest)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (persistence_id, sequence_number) DO UPDATE SET created = excluded.created,
                snapshot_payload = excluded.snapshot_payload, snapshot_ser_id = excluded.snapshot_ser_id,
                snapshot_ser_manifest = excluded.snapshot_ser_manifest, meta_payload = excluded.meta_payload,
                meta_ser_id = excluded.meta_ser_id, meta_ser_manifest = excluded.meta_ser_manifest""";
    private static final String DELETE = "DELETE FROM snapshot " + RANGE;

    private SnapshotTable() {
    }

    /** Snapshots of an entity, by the number of their last event and by their time, ms since 1970; all ends included. */
    record Range(String entity, long fromNumber, long toNumber, long fromTime, long toTime) {
    }

    /** The newest snapshot of each range. Most entities have none, and one statement finds them all. */
    static void newest(Connection connection, List<Piece<Range, Optional<SnapshotRow>>> group) throws SQLException {
        Map<String, Long> newest = EventTable.highest(connection, NEWEST, group.stream().map(piece -> piece.question().entity()).toList());
        for (Piece<Range, Optional<SnapshotRow>> piece : group) {
            piece.answer().complete(newest.get(piece.question().entity()) == 0 ? Optional.empty() : read(connection, piece.question()));
        }
    }

    private static Optional<SnapshotRow> read(Connection connection, Range range) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(READ)) {
            setRange(select, range);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(new SnapshotRow(range.entity(), row.getLong(1), row.getLong(2), Parameters.payload(row, 3),
                        Parameters.payload(row, 6))) : Optional.empty();
            }
        }
    }

    /** Stores a snapshot, in the place of an older one of the same number. */
    static void save(Connection connection, SnapshotRow snapshot) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(SAVE)) {
            insert.setString(1, snapshot.entity());
            insert.setLong(2, snapshot.number());
            insert.setLong(3, snapshot.created());
            Parameters.setPayload(insert, 4, snapshot.state());
            Parameters.setPayload(insert, 7, snapshot.meta());
            insert.executeUpdate();
        }
    }

    static void delete(Connection connection, Range range) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(DELETE)) {
            setRange(delete, range);
            delete.executeUpdate();
        }
    }

    private static void setRange(PreparedStatement statement, Range range) throws SQLException {
        statement.setString(1, range.entity());
        statement.setLong(2, range.fromNumber());
        statement.setLong(3, range.toNumber());
        statement.setLong(4, range.fromTime());
        statement.setLong(5, range.toTime());
    }
}
