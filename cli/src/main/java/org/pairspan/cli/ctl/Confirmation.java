package org.pairspan.cli.ctl;

import java.util.function.UnaryOperator;
import org.pairspan.cli.failure.CommandFailure;

/** Asks before something that has no way back. */
final class Confirmation {

    private Confirmation() {
    }

    /** On the terminal; see {@link TypedSecrets#isTerminal()}. */
    static void ask(String question, String expected) {
        ask(question, expected, prompt -> System.console().readLine("%s", prompt));
    }

    /**
     * @param expected what has to be typed, so that no habit says yes
     * @param reader shows a prompt and reads a line; null at its end
     * @throws CommandFailure where anything else is typed
     */
    static void ask(String question, String expected, UnaryOperator<String> reader) {
        String typed = reader.apply(question + " Type " + expected + " to go on: ");
        if (typed == null || !typed.strip().equals(expected)) {
            throw new CommandFailure("not confirmed; nothing was done");
        }
    }
}
