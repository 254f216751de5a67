package org.pairspan.kms.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class TenureWordTest {

    private static final UUID OWN = UUID.randomUUID();
    private static final UUID OTHER = UUID.randomUUID();

    private final Row row = new Row();

    private static final class Row implements ClusterRow {
        private byte[] value;
        private boolean away;

        @Override
        public byte[] read() throws IOException {
            if (away) {
                throw new IOException("away");
            }
            return value;
        }

        @Override
        public boolean replace(byte[] expected, byte[] replacement) {
            boolean fits = Arrays.equals(value, expected);
            value = fits ? replacement : value;
            return fits;
        }

        @Override
        public void close() {
            away = true;
        }
    }

    @Test
    void aServerCountsOnUnderItsOwnClustersNameOnly() {
        row.value = new Tenure(OWN, 4).bytes();
        assertEquals(OWN, TenureWord.atWork(row, OWN));
        assertEquals(new Tenure(OWN, 5), Tenure.parse(row.value));
        assertEquals(OWN, TenureWord.atWork(row, OTHER));
        assertEquals(new Tenure(OWN, 5), Tenure.parse(row.value));
    }

    @Test
    void aRowThatIsGoneIsNobodysAndStaysSo() {
        assertNull(TenureWord.atWork(row, OWN));
        TenureWord.leaveFree(row, OWN);
        assertNull(row.value);
    }

    @Test
    void theLastOneLeavesItsOwnRowFreeAndNoOther() {
        byte[] others = new Tenure(OTHER, 4).bytes();
        row.value = others;
        TenureWord.leaveFree(row, OWN);
        assertArrayEquals(others, row.value);
        TenureWord.leaveFree(row, OTHER);
        assertTrue(Tenure.parse(row.value).isReleased());
    }

    @Test
    void aJournalThatIsAwayFailsTheWord() {
        row.close();
        assertThrows(CompletionException.class, () -> TenureWord.atWork(row, OWN));
        assertThrows(CompletionException.class, () -> TenureWord.leaveFree(row, OWN));
    }
}
