package org.pairspan.kms.journal.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;

/** What the statements of both tables have in common. */
final class Parameters {

    /** Lists in statements have one of few lengths, so that the database knows each statement after a while. */
    private static final List<Integer> LENGTHS = List.of(1, 4, 16, Grouped.MOST);

    private Parameters() {
    }

    /** A list of entities, as a table {@code wanted(entity)} in front of a query; fill it with {@link #setEntities}. */
    static String wanted(int entities) {
        return "WITH wanted(entity) AS (VALUES (?)" + ", (?)".repeat(length(entities) - 1) + ") ";
    }

    /** The last of them stands as often as the list is long. */
    static void setEntities(PreparedStatement statement, List<String> entities) throws SQLException {
        int length = length(entities.size());
        for (int i = 0; i < length; i++) {
            statement.setString(i + 1, entities.get(Math.min(i, entities.size() - 1)));
        }
    }

    /** Sets three parameters: bytes, serializer, manifest. */
    static void setPayload(PreparedStatement statement, int first, Payload payload) throws SQLException {
        if (payload == null) {
            statement.setNull(first, Types.BINARY);
            statement.setNull(first + 1, Types.INTEGER);
            statement.setNull(first + 2, Types.VARCHAR);
        } else {
            statement.setBytes(first, payload.bytes());
            statement.setInt(first + 1, payload.serializer());
            statement.setString(first + 2, payload.manifest());
        }
    }

    /** Three columns: bytes, serializer, manifest; null where there are none. */
    static Payload payload(ResultSet row, int first) throws SQLException {
        byte[] bytes = row.getBytes(first);
        return bytes == null ? null : new Payload(bytes, row.getInt(first + 1), row.getString(first + 2));
    }

    private static int length(int entities) {
        return LENGTHS.stream().filter(length -> length >= entities).findFirst().orElseThrow();
    }
}
