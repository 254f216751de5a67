package org.pairspan.node.app;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import org.pairspan.runtime.config.ConfigurationException;

/** The folder of the streams' buffers. They hold packets in clear, so that nobody else may look into it. */
final class StreamFolder {
    private static final String SETTING = "pairspan.node.bearer.directory";
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    private StreamFolder() {
    }

    /**
     * Makes the folder, or takes the one that an earlier run has left.
     *
     * @throws ConfigurationException when it can't be made, or is not this user's alone.
     */
    static Path open(Optional<Path> configured, String memberId) {
        Path base = Files.isDirectory(SHARED_MEMORY) ? SHARED_MEMORY : Path.of(System.getProperty("java.io.tmpdir"));
        Path folder = configured.orElseGet(() -> base.resolve("pairspan-" + memberId));
        try {
            create(folder);
            PosixFileAttributes attributes = Files.readAttributes(folder, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            String user = Files.getOwner(Path.of("/proc/self")).getName();
            if (!attributes.isDirectory() || !attributes.permissions().equals(OWNER_ONLY) || !attributes.owner().getName().equals(user)) {
                throw new ConfigurationException(SETTING, folder.toString(), "must be a folder that belongs to " + user + " with permissions "
                        + PosixFilePermissions.toString(OWNER_ONLY), "remove it, or name another one");
            }
            return folder;
        } catch (IOException e) {
            throw new ConfigurationException(SETTING, folder.toString(), "must be a folder that this process can make and write: " + e,
                    "name another one", e);
        }
    }

    private static void create(Path folder) throws IOException {
        try {
            Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        } catch (FileAlreadyExistsException e) {
            // Left by an earlier run, or somebody else's: whose it is decides.
            return;
        }
    }
}
