package org.pairspan.kms.journal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.util.LibraryLoaderUtil;

/**
 * SQLite's native library, unpacked once beside the journal. The driver by itself unpacks a copy for each process into the machine's folder for
 * temporary files and removes it at an orderly end, so that each process that is killed leaves one behind.
 */
final class SqliteLibrary {

    private static final Logger LOG = LoggerFactory.getLogger(SqliteLibrary.class);
    private static final String PART = ".part";
    /** An unfinished copy this old is nobody's any more. */
    private static final Duration ABANDONED = Duration.ofMinutes(1);

    private SqliteLibrary() {
    }

    /**
     * Makes the driver load the library from here; before the driver's first use in this process, later it does nothing any more. Servers may
     * do so at the same time.
     *
     * @param folder of the journal
     */
    static synchronized void unpackInto(Path folder) throws IOException {
        String name = LibraryLoaderUtil.getNativeLibName();
        byte[] library = packed(name);
        if (library.length == 0) {
            LOG.debug("the driver brings no library for this machine, and looks for one of the system");
            return;
        }
        Path unpacked = folder.resolve(name);
        if (!isSame(unpacked, library)) {
            removeAbandoned(folder, name);
            Path part = Files.createTempFile(folder, name, PART, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            try {
                write(part, library);
                Files.move(part, unpacked, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(part);
            }
        }
        System.setProperty("org.sqlite.lib.path", folder.toAbsolutePath().toString());
        System.setProperty("org.sqlite.lib.name", name);
    }

    private static byte[] packed(String name) throws IOException {
        try (InputStream resource = LibraryLoaderUtil.class.getResourceAsStream(LibraryLoaderUtil.getNativeLibResourcePath() + '/' + name)) {
            return resource == null ? new byte[0] : resource.readAllBytes();
        }
    }

    private static boolean isSame(Path file, byte[] content) throws IOException {
        try {
            return Files.size(file) == content.length && Arrays.equals(Files.readAllBytes(file), content);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static void write(Path file, byte[] content) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            Channels.newOutputStream(channel).write(content);
            channel.force(true);
        }
    }

    private static void removeAbandoned(Path folder, String name) throws IOException {
        FileTime abandoned = FileTime.from(Instant.now().minus(ABANDONED));
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(one -> isPart(one, name)).toList()) {
                try {
                    if (Files.getLastModifiedTime(file).compareTo(abandoned) < 0) {
                        Files.deleteIfExists(file);
                    }
                } catch (NoSuchFileException e) {
                    LOG.debug("{} is finished", file);
                }
            }
        }
    }

    private static boolean isPart(Path file, String name) {
        String own = file.getFileName().toString();
        return own.startsWith(name) && own.endsWith(PART);
    }
}
