package org.pairspan.cli.ctl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.pairspan.cli.failure.CommandFailure;

/**
 * Whose a process is. Any user can start a program that looks like a key server; whoever attaches to it hands it what he types, and root can
 * attach to all. So a process of another user must have been chosen by its number.
 */
final class ProcessOwner {
    private static final String UIDS = "Uid:";

    private final Path processes;

    /** @param processes where the system tells of them, {@code /proc} */
    ProcessOwner(Path processes) {
        this.processes = processes;
    }

    static ProcessOwner ofThisSystem() {
        return new ProcessOwner(Path.of("/proc"));
    }

    /** Whether a process runs as the user of this one, with all its rights; where the system does not tell, it does not. */
    boolean isOwn(long pid) {
        try {
            return uids(Long.toString(pid)).equals(uids("self"));
        } catch (IOException e) {
            return false;
        }
    }

    /** @throws CommandFailure where it runs as another user, and so was not meant */
    void requireOwn(long pid) {
        if (!isOwn(pid)) {
            throw new CommandFailure("process " + pid + " runs as another user than this command; anybody can give a process the name of a key "
                + "server. Run this as the user that process should run as ('sudo -u USER pairspan ctl ...'), or, if you know it, choose it with "
                + "--pid " + pid);
        }
    }

    /** Real, effective, saved and of the file system; not from the owner of the folder, which is root for whoever forbids to be looked at. */
    private String uids(String process) throws IOException {
        try (var lines = Files.lines(processes.resolve(process).resolve("status"))) {
            return lines.filter(line -> line.startsWith(UIDS)).findFirst()
                .orElseThrow(() -> new IOException("the system does not tell whose process " + process + " is"));
        }
    }
}
