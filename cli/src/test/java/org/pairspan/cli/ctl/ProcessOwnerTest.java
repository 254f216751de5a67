package org.pairspan.cli.ctl;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pairspan.cli.failure.CommandFailure;

class ProcessOwnerTest {
    @TempDir
    private Path processes;

    @Test
    void aProcessOfAnotherUserIsNotTakenForAKeyServer() throws IOException {
        process("self", "Uid:\t0\t0\t0\t0");
        process("100", "Uid:\t0\t0\t0\t0");
        process("200", "Uid:\t65534\t65534\t65534\t65534");
        process("300", "Uid:\t65534\t0\t0\t0");
        process("400", "State:\tR");
        ProcessOwner owner = new ProcessOwner(processes);
        assertTrue(owner.isOwn(100));
        assertDoesNotThrow(() -> owner.requireOwn(100));
        for (long other : new long[] {200, 300, 400, 500}) {
            assertFalse(owner.isOwn(other));
            CommandFailure refused = assertThrows(CommandFailure.class, () -> owner.requireOwn(other));
            assertTrue(refused.getMessage().contains("--pid " + other), refused.getMessage());
        }
    }

    @Test
    void theSystemTellsOfThisProcessItself() {
        assertTrue(ProcessOwner.ofThisSystem().isOwn(ProcessHandle.current().pid()));
    }

    private void process(String name, String line) throws IOException {
        Files.writeString(Files.createDirectories(processes.resolve(name)).resolve("status"), "Name:\tjava\n" + line + "\nGid:\t0\t0\t0\t0\n");
    }
}
