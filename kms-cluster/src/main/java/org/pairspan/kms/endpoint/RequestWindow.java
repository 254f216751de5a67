package org.pairspan.kms.endpoint;

import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Requests of one connection that wait for their answers. Where they are as many as may be, the member waits in TCP. Used by the link's
 * thread.
 */
final class RequestWindow {

    private final int most;
    private int outstanding;
    private ActorRef<Done> withheld;

    /**
     * @param most requests at a time, from 1
     */
    RequestWindow(int most) {
        this.most = most;
    }

    /** A request is dealt with from now on, until {@link #closeOne()}. */
    void openOne() {
        outstanding++;
    }

    /** A request has its answer. */
    void closeOne() {
        outstanding--;
        if (withheld != null) {
            letGo();
        }
    }

    /** Asks for the next frame, at once or when there is room for it. */
    void acknowledge(ActorRef<Done> stream) {
        if (outstanding < most) {
            stream.tell(Done.getInstance());
        } else {
            withheld = stream;
        }
    }

    /** Asks for no frame before {@link #letGo()}. */
    void withhold(ActorRef<Done> stream) {
        withheld = stream;
    }

    boolean withholds() {
        return withheld != null;
    }

    void letGo() {
        withheld.tell(Done.getInstance());
        withheld = null;
    }
}
