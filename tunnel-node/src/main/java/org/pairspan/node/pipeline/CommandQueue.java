package org.pairspan.node.pipeline;

import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;

/** The bounded way to the data thread. Each command is run or refused, once, also where the data thread ends before its turn has come. */
final class CommandQueue {
    private final ManyToOneConcurrentArrayQueue<Command> queue;
    private volatile boolean closed;

    /** @param capacity commands that may wait. */
    CommandQueue(int capacity) {
        queue = new ManyToOneConcurrentArrayQueue<>(capacity);
    }

    /** Has a command run soon, or refuses it now: there is no room, or the data thread ends. Any thread. */
    void add(Command command) {
        if (closed || !queue.offer(command)) {
            command.refuse();
        } else if (closed) {
            refuseAll();
        }
    }

    /** Runs what waits: how many commands. Data thread. */
    int drain() {
        return queue.drain(Command::run);
    }

    /** Whether nothing waits. Any thread. */
    boolean isEmpty() {
        return queue.isEmpty();
    }

    /** Refuses what waits and all that comes. {@link #drain} is not to be called any more. */
    void close() {
        closed = true;
        refuseAll();
    }

    private synchronized void refuseAll() {
        for (Command command = queue.poll(); command != null; command = queue.poll()) {
            command.refuse();
        }
    }
}
