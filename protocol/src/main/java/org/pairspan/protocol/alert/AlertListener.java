package org.pairspan.protocol.alert;

/** Told of the peer's alerts, on the thread that receives them. */
@FunctionalInterface
public interface AlertListener {
    /**
     * An alert came.
     *
     * @param alert what and when.
     */
    void onAlert(ReceivedAlert alert);
}
