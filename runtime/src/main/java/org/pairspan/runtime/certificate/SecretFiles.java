package org.pairspan.runtime.certificate;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** New files with the right permissions from their creation on; nothing is ever overwritten. */
public final class SecretFiles {
    private static final Set<StandardOpenOption> NEW_FILE = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    private static final boolean POSIX = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    private SecretFiles() {
    }

    /**
     * Writes a new file that only its owner can read and write, and the folders above it when needed.
     *
     * @throws java.nio.file.FileAlreadyExistsException when there is such a file
     */
    public static void write(Path file, String text) throws IOException {
        if (file.getParent() != null) {
            Files.createDirectories(file.getParent());
        }
        try (Writer out = create(file, "rw-------")) {
            out.write(text);
        }
    }

    static Writer create(Path file, String permissions) throws IOException {
        FileAttribute<?>[] attributes = POSIX
            ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))} : new FileAttribute<?>[0];
        return new OutputStreamWriter(Channels.newOutputStream(Files.newByteChannel(file, NEW_FILE, attributes)), StandardCharsets.US_ASCII);
    }
}
