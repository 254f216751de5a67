package org.pairspan.kms.endpoint;

import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Requests of one connection that wait for their answers. Where they are as many as may be, or nothing could be answered yet, the member
 * waits in TCP. Used by the link's thread.
 */
final class RequestWindow {

    private final int most;
    private boolean answerable;
    private int outstanding;
    private ActorRef<Done> withheld;

    /**
     * @param most requests at a time, from 1
     */
    RequestWindow(int most) {
        this.most = most;
    }

    /** There is a way to answer now. */
    void open() {
        answerable = true;
        letGo();
    }

    /** A request is dealt with from now on, until {@link #closeOne()}. */
    void openOne() {
        outstanding++;
    }

    /** A request has its answer. */
    void closeOne() {
        outstanding--;
        letGo();
    }

    /** Asks for the next frame, at once or when there is room for it. */
    void acknowledge(ActorRef<Done> stream) {
        if (answerable && outstanding < most) {
            stream.tell(Done.getInstance());
        } else {
            withheld = stream;
        }
    }

    private void letGo() {
        if (withheld != null) {
            withheld.tell(Done.getInstance());
            withheld = null;
        }
    }
}
