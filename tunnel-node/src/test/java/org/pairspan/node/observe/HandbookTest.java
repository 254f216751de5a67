package org.pairspan.node.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.pairspan.protocol.alert.AlertCode;
import org.pairspan.protocol.wire.DropReason;

/** The operator's handbook knows what a node can show. */
class HandbookTest {
    private static final Path HANDBOOK = Path.of("..", "docs", "operations", "monitoring.md");

    @Test
    void itSaysOfEachReasonToDropAPacketWhatToDo() throws IOException {
        String text = Files.readString(HANDBOOK);
        assertEquals(List.of(), Arrays.stream(DropReason.values()).map(DropReason::name).filter(name -> !text.contains('`' + name + '`')).toList());
    }

    @Test
    void itSaysOfEachAlertWhatItMeans() throws IOException {
        String text = Files.readString(HANDBOOK);
        assertEquals(List.of(), Arrays.stream(AlertCode.values()).map(AlertCode::text).filter(name -> !text.contains('`' + name + '`')).toList());
    }
}
