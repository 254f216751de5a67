package org.pairspan.runtime.logging;

import org.slf4j.bridge.SLF4JBridgeHandler;

/** Sets up logging for a whole program. */
public final class ProgramLog {
    private ProgramLog() {
    }

    /** Leads what libraries write to {@code java.util.logging} into the same log. Called once, before anything else. */
    public static void setUp() {
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
    }
}
