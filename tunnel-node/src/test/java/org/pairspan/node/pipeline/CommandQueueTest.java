package org.pairspan.node.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommandQueueTest {
    private final List<String> happened = new ArrayList<>();
    private final CommandQueue queue = new CommandQueue(2);

    private Command command(String name) {
        return Command.of(() -> happened.add(name + " run"), () -> happened.add(name + " refused"));
    }

    @Test
    void whatFindsNoRoomIsRefusedAndTheRestRunInOrder() {
        queue.add(command("a"));
        queue.add(command("b"));
        queue.add(command("c"));
        assertEquals(2, queue.drain());
        assertEquals(List.of("c refused", "a run", "b run"), happened);
        assertTrue(queue.isEmpty());
    }

    @Test
    void whatWaitsWhenItClosesIsRefusedAndSoIsWhatComesLater() {
        queue.add(command("a"));
        queue.close();
        queue.add(command("b"));
        assertEquals(List.of("a refused", "b refused"), happened);
    }
}
