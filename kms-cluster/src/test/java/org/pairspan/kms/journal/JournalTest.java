package org.pairspan.kms.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pairspan.kms.config.KmsSettings.JournalAccess;
import org.pairspan.runtime.config.ConfigurationException;

class JournalTest {

    private static final int SERVERS = 8;

    @TempDir
    Path folder;

    @Test
    void serversThatStartAtOnceMakeOneJournalAndAgreeOnItsValues() throws Exception {
        CyclicBarrier start = new CyclicBarrier(SERVERS);
        try (ExecutorService threads = Executors.newFixedThreadPool(SERVERS)) {
            List<Future<byte[]>> values = new ArrayList<>();
            for (int i = 0; i < SERVERS; i++) {
                byte[] proposed = {(byte) i};
                values.add(threads.submit(() -> {
                    start.await();
                    return Journal.open(file("deep/journal.db")).sharedValue("id", proposed);
                }));
            }
            for (Future<byte[]> value : values) {
                assertArrayEquals(values.getFirst().get(), value.get());
            }
        }
    }

    @Test
    void aSharedValueIsReplacedOnlyByWhoKnowsTheOneThatIsThere() {
        Journal journal = Journal.open(file("journal.db"));
        assertTrue(journal.sharedValue("id").isEmpty());
        journal.sharedValue("id", new byte[] {1});
        assertFalse(journal.replaceSharedValue("id", new byte[] {2}, new byte[] {3}));
        assertTrue(journal.replaceSharedValue("id", new byte[] {1}, new byte[] {2}));
        assertArrayEquals(new byte[] {2}, journal.sharedValue("id").orElseThrow());
    }

    @Test
    void aJournalThatCannotBeReachedStopsTheStart() {
        assertThrows(ConfigurationException.class, () -> Journal.open(file("")));
        JournalAccess nobody = new JournalAccess(folder, "jdbc:postgresql://127.0.0.1:1/none", "user", "secret-password", true);
        ConfigurationException refused = assertThrows(ConfigurationException.class, () -> Journal.open(nobody));
        assertFalse(refused.getMessage().contains("secret-password"));
        assertFalse(nobody.toString().contains("secret-password"));
    }

    private JournalAccess file(String name) {
        return new JournalAccess(folder.resolve(name), null, null, null, true);
    }
}
