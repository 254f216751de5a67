package org.pairspan.node.pipeline;

/** Something that the data thread is to do. */
interface Command {
    /** Does it. Data thread. */
    void run();

    /** It will never be done: wipes the keys it holds, and tells who waits. Any thread. */
    void refuse();

    /** Of two actions. */
    static Command of(Runnable run, Runnable refuse) {
        return new Command() {
            @Override
            public void run() {
                run.run();
            }

            @Override
            public void refuse() {
                refuse.run();
            }
        };
    }
}
