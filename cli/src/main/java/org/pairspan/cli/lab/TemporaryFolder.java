package org.pairspan.cli.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** A new folder that is deleted with all that is in it at close, unless it is to be kept. */
public final class TemporaryFolder implements AutoCloseable {

    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    private final Path path;
    private boolean kept;

    private TemporaryFolder(Path path) {
        this.path = path;
    }

    /** On disk, where temporary files go. */
    public static TemporaryFolder onDisk(String prefix) throws IOException {
        return new TemporaryFolder(Files.createTempDirectory(prefix));
    }

    /** In memory where the system has a file system there, else on disk. */
    public static TemporaryFolder inMemory(String prefix) throws IOException {
        return Files.isWritable(SHARED_MEMORY) ? new TemporaryFolder(Files.createTempDirectory(SHARED_MEMORY, prefix)) : onDisk(prefix);
    }

    public Path path() {
        return path;
    }

    /** A file of that name in it. */
    public Path file(String name) {
        return path.resolve(name);
    }

    /** Leaves the folder where it is. */
    public void keep() {
        kept = true;
    }

    @Override
    public void close() {
        if (kept) {
            return;
        }
        try {
            Files.walkFileTree(path, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
                    if (failure != null) {
                        throw failure;
                    }
                    Files.delete(visited);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException("could not delete " + path, e);
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
