package org.pairspan.cli.lab;

import java.util.ArrayDeque;
import java.util.Deque;

/** Things to be taken away again, newest first: at {@link #close}, or when the JVM ends by whatever signal it can still act on. */
public final class LabResources implements AutoCloseable {

    private final Deque<AutoCloseable> contents = new ArrayDeque<>();
    private final Thread shutdownHook = new Thread(this::closeAll, "lab-clean-up");

    private volatile boolean ending;

    /** Starts empty, and is emptied when the JVM ends at the latest. */
    public LabResources() {
        Runtime.getRuntime().addShutdownHook(shutdownHook);
    }

    /** Hands something over to be closed. */
    public synchronized <T extends AutoCloseable> T closing(T thing) {
        contents.push(thing);
        return thing;
    }

    /** Whether what is here is being taken away: whoever waits for some of it need not wonder that it is gone. */
    public boolean ending() {
        return ending;
    }

    @Override
    public void close() {
        closeAll();
        try {
            Runtime.getRuntime().removeShutdownHook(shutdownHook);
        } catch (IllegalStateException e) {
            // The JVM is going down already; the hook finds nothing left to do.
            return;
        }
    }

    private synchronized void closeAll() {
        ending = true;
        // All processes end at the same time, so that the whole does not take the sum of what each takes.
        contents.stream().filter(LabProcess.class::isInstance).map(LabProcess.class::cast).forEach(LabProcess::askToEnd);
        while (!contents.isEmpty()) {
            final AutoCloseable thing = contents.pop();
            try {
                thing.close();
            } catch (Exception e) {
                System.err.println("lab: could not close " + thing + ": " + e);
            }
        }
    }
}
