package org.pairspan.node.bearer;

import java.nio.file.Path;
import org.pairspan.node.posix.FileStatus;

/** The file system that a directory lies in, as the kernel knows it. */
record DirectoryStore(Path directory) implements StreamMemory.Store {
    @Override
    public long freeBytes() {
        return directory.toFile().getUsableSpace();
    }

    @Override
    public long takenBytes(String file) {
        return FileStatus.allocatedBytes(file);
    }
}
