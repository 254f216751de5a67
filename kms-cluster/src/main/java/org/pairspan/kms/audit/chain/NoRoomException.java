package org.pairspan.kms.audit.chain;

import java.io.IOException;
import java.nio.file.Path;

/** A file that is open does not take what is written to it, as on a full or broken disk. */
final class NoRoomException extends IOException {

    private static final long serialVersionUID = 1L;

    NoRoomException(Path path, IOException cause) {
        super(path + " takes no more (" + cause.getMessage() + ')', cause);
    }
}
