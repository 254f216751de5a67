package org.pairspan.kms.audit.chain;

import java.io.IOException;
import java.nio.file.Path;

/** The file system takes no more, as where it is full, over a quota, read-only or broken. That may pass. */
final class NoRoomException extends IOException {

    private static final long serialVersionUID = 1L;

    NoRoomException(Path path, IOException cause) {
        super(path + " takes no more (" + cause.getMessage() + ')', cause);
    }
}
