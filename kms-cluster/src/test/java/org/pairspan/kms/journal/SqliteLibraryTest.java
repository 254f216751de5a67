package org.pairspan.kms.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteLibraryTest {

    private static final String LIBRARY = "libsqlitejdbc.so";

    @TempDir
    private Path folder;

    /** Opens the journal of a folder and waits to be killed. */
    static final class Opener {

        private Opener() {
        }

        public static void main(String[] arguments) throws IOException, SQLException {
            SqliteDatabase database = new SqliteDatabase(Path.of(arguments[0]).resolve("journal.db"), false);
            database.prepare();
            try (var connection = database.connect()) {
                System.out.println(connection.isValid(1));
                System.in.read();
            }
        }
    }

    @Test
    void aKilledServerLeavesNothingInTheFolderForTemporaryFiles() throws IOException, InterruptedException {
        Path temporary = Files.createDirectory(folder.resolve("tmp"));
        Path journal = Files.createDirectory(folder.resolve("journal"));
        for (int i = 0; i < 2; i++) {
            Process server = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:-UsePerfData",
                    "--enable-native-access=ALL-UNNAMED", "-Djava.io.tmpdir=" + temporary, "-cp", System.getProperty("java.class.path"),
                    Opener.class.getName(), journal.toString()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
            try (BufferedReader said = server.inputReader()) {
                assertEquals("true", said.readLine());
            } finally {
                server.destroyForcibly();
                assertTrue(server.waitFor(10, TimeUnit.SECONDS));
            }
            assertEquals(List.of(), names(temporary));
            assertEquals(List.of(LIBRARY), names(journal).stream().filter(name -> name.startsWith("lib")).toList());
        }
    }

    @Test
    void whatIsThereAndNotTheDriversIsReplaced() throws IOException {
        SqliteLibrary.unpackInto(folder);
        byte[] library = Files.readAllBytes(folder.resolve(LIBRARY));
        Files.write(folder.resolve(LIBRARY), new byte[library.length]);
        Path abandoned = Files.createFile(folder.resolve(LIBRARY + "1.part"));
        Files.setLastModifiedTime(abandoned, FileTime.from(Instant.now().minusSeconds(3600)));
        Path underWay = Files.createFile(folder.resolve(LIBRARY + "2.part"));
        SqliteLibrary.unpackInto(folder);
        assertArrayEquals(library, Files.readAllBytes(folder.resolve(LIBRARY)));
        assertEquals(List.of(LIBRARY, underWay.getFileName().toString()), names(folder));
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
