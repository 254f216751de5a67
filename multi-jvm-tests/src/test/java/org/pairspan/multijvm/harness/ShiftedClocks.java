package org.pairspan.multijvm.harness;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Wall clocks of processes that go wrong while they run, by libfaketime, where it is installed. The monotonic clock stays as it is, as it does
 * where somebody sets the wall clock of a machine.
 *
 * @param library libfaketime; null where it is not installed
 * @param folder one file for each clock, which the library reads again every second
 */
record ShiftedClocks(Path library, Path folder) {

    private static final Path LIBRARIES = Path.of("/usr/lib");
    private static final String LIBRARY = "libfaketimeMT.so.1";

    static ShiftedClocks in(Path folder) throws IOException {
        if (Files.isDirectory(LIBRARIES)) {
            try (DirectoryStream<Path> architectures = Files.newDirectoryStream(LIBRARIES)) {
                for (final Path architecture : architectures) {
                    final Path library = architecture.resolve("faketime").resolve(LIBRARY);
                    if (Files.exists(library)) {
                        return new ShiftedClocks(library, Files.createDirectories(folder));
                    }
                }
            }
        }
        return new ShiftedClocks(null, folder);
    }

    boolean installed() {
        return library != null;
    }

    /** What the command of a process is started with so that its clock can be set. */
    List<String> prefix(String name) throws IOException {
        if (!installed()) {
            return List.of();
        }
        set(name, Duration.ZERO);
        return List.of("env", "LD_PRELOAD=" + library, "FAKETIME_TIMESTAMP_FILE=" + folder.resolve(name), "FAKETIME_CACHE_DURATION=1",
            "FAKETIME_DONT_FAKE_MONOTONIC=1", "DONT_FAKE_MONOTONIC=1");
    }

    /** From the next second on. */
    void set(String name, Duration offset) throws IOException {
        Files.writeString(folder.resolve(name), "%+d\n".formatted(offset.toSeconds()));
    }
}
