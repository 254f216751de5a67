package org.pairspan.kms.audit.chain;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;

/** The file records are appended to, mode 600, held by one process at a time. Used by one thread. */
class AppendFile implements AutoCloseable {

    private final Path path;
    private final FileChannel channel;
    private final Object key;

    private AppendFile(Path path, FileChannel channel, Object key) {
        this.path = path;
        this.channel = channel;
        this.key = key;
    }

    /** For tests, whose files fail on purpose. */
    AppendFile(AppendFile other) {
        this(other.path, other.channel, other.key);
    }

    /** How a file is opened. */
    @FunctionalInterface
    interface Opener {
        AppendFile open(Path path) throws IOException;
    }

    static AppendFile open(Path path) throws IOException {
        FileChannel channel = channel(path);
        try {
            FileLock lock = channel.tryLock();
            if (lock == null) {
                throw new IOException("another process writes to " + path);
            }
            return new AppendFile(path, channel, key(path));
        } catch (OverlappingFileLockException e) {
            channel.close();
            throw new IOException("this process writes to " + path + " already", e);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static FileChannel channel(Path path) throws IOException {
        try {
            return FileChannel.open(path, Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (FileSystemException e) {
            // What has a class of its own, as a lack of permission, is for the operator to put right.
            if (e.getClass() != FileSystemException.class || Files.isDirectory(path)) {
                throw e;
            }
            throw new NoRoomException(path, e);
        }
    }

    /** Fails unless this is still the file of that name, and as long as expected. */
    void requireUntouched(long length) throws IOException {
        if (!Objects.equals(key, key(path))) {
            throw new IOException(path + " was replaced by another file while it was written");
        }
        if (size() != length) {
            throw new IOException(path + " has " + size() + " bytes where " + length + " were written: somebody else changed it");
        }
    }

    private static Object key(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }

    long size() throws IOException {
        return channel.size();
    }

    /** From the beginning; not closed by the caller. */
    InputStream read() throws IOException {
        channel.position(0);
        return Channels.newInputStream(channel);
    }

    byte[] read(long from, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) >= 0) {
            // Until all is read, or the end is met.
        }
        return bytes.array();
    }

    void write(ByteBuffer bytes, long at) throws IOException {
        long next = at;
        try {
            while (bytes.hasRemaining()) {
                next += channel.write(bytes, next);
            }
        } catch (IOException e) {
            throw new NoRoomException(path, e);
        }
    }

    void force() throws IOException {
        try {
            channel.force(false);
        } catch (IOException e) {
            throw new NoRoomException(path, e);
        }
    }

    void truncate(long length) throws IOException {
        try {
            channel.truncate(length);
        } catch (IOException e) {
            throw new NoRoomException(path, e);
        }
    }

    /** Makes the names in its folder durable. */
    static void forceFolder(Path file) throws IOException {
        try (FileChannel folder = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
