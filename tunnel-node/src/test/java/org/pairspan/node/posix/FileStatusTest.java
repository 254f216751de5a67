package org.pairspan.node.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileStatusTest {
    @TempDir
    private Path folder;

    @Test
    void aFileTakesWhatWasWrittenAndNotItsLength() throws IOException {
        Path path = folder.resolve("sparse");
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(64 << 20);
            long before = FileStatus.allocatedBytes(path.toString());
            assertTrue(before < 1 << 20, () -> "nothing was written, and yet: " + before);
            file.write(new byte[1 << 20]);
            file.getFD().sync();
            long after = FileStatus.allocatedBytes(path.toString());
            assertTrue(after >= 1 << 20 && after < 2 << 20, () -> "1 MiB was written: " + after);
        }
    }

    @Test
    void aFileThatIsNotThereTakesNothing() {
        assertEquals(0, FileStatus.allocatedBytes(folder.resolve("nothing").toString()));
    }
}
