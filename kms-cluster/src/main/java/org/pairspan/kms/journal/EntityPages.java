package org.pairspan.kms.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** Reads the names of one kind of entity from the journal, a page at a time. Any thread. */
final class EntityPages {

    private final Journal journal;
    private final Executor blocking;
    private final String kind;
    private final String prefix;

    /**
     * @param blocking runs what blocks on the database
     * @param kind     plural, for errors
     * @param prefix   with which the persistence ids of the kind begin; the rest is the name
     */
    EntityPages(Journal journal, Executor blocking, String kind, String prefix) {
        this.journal = journal;
        this.blocking = blocking;
        this.kind = kind;
        this.prefix = prefix;
    }

    /**
     * Reads one page.
     *
     * @param select finds persistence ids of the kind that are after its first parameter and like its second
     * @param after  the last name of the page before; empty for the first page
     * @param values the other parameters
     * @return the names found; fails where the database does not answer
     */
    CompletionStage<List<String>> read(String select, String after, Object... values) {
        return CompletableFuture.supplyAsync(() -> {
            try (Connection connection = journal.connectForSearch(); PreparedStatement statement = connection.prepareStatement(select)) {
                statement.setString(1, prefix + after);
                statement.setString(2, prefix + '%');
                for (int i = 0; i < values.length; i++) {
                    statement.setObject(i + 3, values[i]);
                }
                List<String> found = new ArrayList<>();
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        found.add(rows.getString(1).substring(prefix.length()));
                    }
                }
                return found;
            } catch (SQLException e) {
                throw new IllegalStateException("the journal cannot be searched for " + kind + ": " + e.getMessage(), e);
            }
        }, blocking);
    }
}
