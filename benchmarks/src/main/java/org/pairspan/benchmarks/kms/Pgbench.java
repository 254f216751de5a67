package org.pairspan.benchmarks.kms;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.pairspan.postgres.PostgresServer;

/** What the database itself can do: rows as long as a pair's key, each inserted and committed alone, by PostgreSQL's own load program. */
final class Pgbench {

    private static final int ROW_BYTES = 200;
    private static final int MOST_LINES = 5;

    private final PostgresServer server;
    private final Path folder;

    Pgbench(PostgresServer server, Path folder) {
        this.server = server;
        this.folder = folder;
    }

    /** What it says at its end; empty where it is not installed. */
    Optional<String> run(int concurrency, int seconds) throws IOException, SQLException, InterruptedException {
        Path program = server.programs().resolve("pgbench");
        if (!Files.isExecutable(program)) {
            return Optional.empty();
        }
        try (Connection connection = DriverManager.getConnection(server.jdbcUrl(), server.user(), server.password());
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS durable (pair VARCHAR(255), number BIGINT, payload BYTEA, PRIMARY KEY (pair, number))");
        }
        Path script = Files.writeString(folder.resolve("insert.sql"), """
                \\set one random(1, 1000000000)
                \\set other random(1, 1000000000)
                INSERT INTO durable VALUES ((:one)::text || '~' || (:other)::text, 1, decode(repeat('ab', %d), 'hex')) ON CONFLICT DO NOTHING;
                """.formatted(ROW_BYTES));
        String[] address = server.address().split(":");
        ProcessBuilder builder = new ProcessBuilder(List.of(program.toString(), "-h", address[0], "-p", address[1], "-U", server.user(), "-n",
                "-M", "prepared", "-c", Integer.toString(concurrency), "-j", "2", "-T", Integer.toString(seconds), "-f", script.toString(),
                "postgres")).redirectErrorStream(true);
        builder.environment().put("PGPASSWORD", server.password());
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("pgbench failed: " + output.lines().limit(MOST_LINES).toList());
        }
        return Optional.of(output.lines().filter(line -> line.startsWith("tps") || line.startsWith("latency average") || line.contains("ERROR"))
                .limit(MOST_LINES)
                .reduce((one, other) -> one + "; " + other).orElse(output));
    }
}
