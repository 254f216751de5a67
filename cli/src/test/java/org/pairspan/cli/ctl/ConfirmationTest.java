package org.pairspan.cli.ctl;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.pairspan.cli.failure.CommandFailure;

class ConfirmationTest {
    private String prompt;

    @Test
    void onlyWhatIsAskedForGoesOn() {
        assertDoesNotThrow(() -> answer("site-b"));
        assertDoesNotThrow(() -> answer(" site-b "));
        assertEquals("Revoke site-b for good? Type site-b to go on: ", prompt);
        for (String other : Arrays.asList("", "y", "yes", "site-a", null)) {
            assertEquals("not confirmed; nothing was done", assertThrows(CommandFailure.class, () -> answer(other)).getMessage());
        }
    }

    private void answer(String typed) {
        Confirmation.ask("Revoke site-b for good?", "site-b", shown -> {
            prompt = shown;
            return typed;
        });
    }
}
