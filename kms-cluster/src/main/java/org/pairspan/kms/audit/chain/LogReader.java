package org.pairspan.kms.audit.chain;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Reads the records of a log without following its chain. */
public final class LogReader {

    private LogReader() {
    }

    /**
     * Hands over record after record.
     *
     * @throws IOException where the file cannot be read, or something in it is no record; the message says where
     */
    public static void read(Path file, Consumer<LogLine> to) throws IOException {
        long number = 1;
        try (InputStream in = Files.newInputStream(file)) {
            LineReader reader = new LineReader(in);
            for (byte[] line = reader.next(); line != null; line = reader.next()) {
                to.accept(LineFormat.read(line));
                number++;
            }
        } catch (MalformedLineException e) {
            throw new IOException(file + ", line " + number + ": " + e.getMessage(), e);
        }
    }
}
