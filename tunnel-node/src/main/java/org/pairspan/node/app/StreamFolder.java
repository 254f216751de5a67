package org.pairspan.node.app;

import io.aeron.CncFileDescriptor;
import io.aeron.CommonContext;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.agrona.IoUtil;
import org.pairspan.runtime.config.ConfigurationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of the streams' buffers. They hold packets in clear, so that nobody else may look into it. What killed processes of
 * the same member have left behind is swept away.
 */
final class StreamFolder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StreamFolder.class);
    private static final String SETTING = "pairspan.node.bearer.directory";
    private static final String AERON = "aeron";
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");
    /** A driver without a sign of life for so long is dead, and a folder so old without a driver is nobody's. */
    private static final Duration ABANDONED = Duration.ofMinutes(1);

    private final Path folder;

    private StreamFolder(Path folder) {
        this.folder = folder;
    }

    /**
     * Makes a folder of this process's own, or takes the configured one.
     *
     * @throws ConfigurationException when it can't be made, or is not this user's alone.
     */
    static StreamFolder open(Optional<Path> configured, String memberId) {
        Path base = Files.isDirectory(SHARED_MEMORY) ? SHARED_MEMORY : Path.of(System.getProperty("java.io.tmpdir"));
        Path wanted = configured.orElseGet(() -> base.resolve("pairspan-" + memberId + "-"));
        try {
            return new StreamFolder(configured.isPresent() ? taken(wanted) : made(base, wanted.getFileName().toString()));
        } catch (IOException e) {
            throw new ConfigurationException(SETTING, wanted.toString(), "must be a folder that this process can make and write: " + e,
                    "name another one", e);
        }
    }

    /** Where the Aeron driver may do as it likes; does not exist yet. */
    Path aeron() {
        return folder.resolve(AERON);
    }

    /** Takes the folder away when nothing is left in it. */
    @Override
    public void close() {
        try {
            Files.deleteIfExists(folder);
        } catch (DirectoryNotEmptyException e) {
            LOG.debug("{} holds something else too, and stays", folder);
        } catch (IOException e) {
            LOG.warn("{} could not be taken away: {}", folder, e.toString());
        }
    }

    private static Path taken(Path folder) throws IOException {
        try {
            return Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        } catch (FileAlreadyExistsException e) {
            if (!isOurs(folder)) {
                throw new ConfigurationException(SETTING, folder.toString(),
                        "must be a folder that belongs to this user with permissions " + PosixFilePermissions.toString(OWNER_ONLY),
                        "remove it, or name another one", e);
            }
            return folder;
        }
    }

    private static Path made(Path base, String prefix) throws IOException {
        try (DirectoryStream<Path> earlier = Files.newDirectoryStream(base, prefix + "*")) {
            for (Path folder : earlier) {
                sweep(folder);
            }
        }
        return Files.createTempDirectory(base, prefix, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    }

    private static void sweep(Path folder) throws IOException {
        try {
            Path aeron = folder.resolve(AERON);
            boolean hasDriver = Files.exists(aeron.resolve(CncFileDescriptor.CNC_FILE));
            boolean isAbandoned = hasDriver
                    ? !CommonContext.isDriverActive(aeron.toFile(), ABANDONED.toMillis(), LOG::debug)
                    : Files.getLastModifiedTime(folder).toInstant().isBefore(Instant.now().minus(ABANDONED));
            if (isAbandoned && isOurs(folder)) {
                LOG.info("Sweeping away {}, which a killed node has left", folder);
                IoUtil.delete(folder.toFile(), true);
            }
        } catch (NoSuchFileException e) {
            LOG.debug("{} has gone meanwhile", folder);
        }
    }

    private static boolean isOurs(Path folder) throws IOException {
        PosixFileAttributes attributes = Files.readAttributes(folder, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return attributes.isDirectory() && attributes.permissions().equals(OWNER_ONLY)
                && attributes.owner().equals(Files.getOwner(Path.of("/proc/self")));
    }
}
