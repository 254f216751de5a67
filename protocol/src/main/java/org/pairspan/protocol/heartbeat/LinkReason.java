package org.pairspan.protocol.heartbeat;

/** Why a link is in its state. */
public enum LinkReason {
    /** The tunnel was made, and nothing has been heard yet. */
    CREATED("nothing has been heard from the peer yet"),
    /** The first authentic datagram of the peer came. */
    FIRST_CONTACT("the peer was heard for the first time"),
    /** An authentic datagram came that is no answer to a request. */
    TRAFFIC("the peer was heard"),
    /** The answer to a request came. */
    HEARTBEAT_REPLY("the peer answered a heartbeat"),
    /** Requests stay unanswered, and nothing else comes. */
    SILENCE("the peer does not answer"),
    /** Requests stay unanswered because none could be sent: there is no key, or no route. */
    NOT_SENT("nothing can be sent to the peer: there is no key for it, or no route"),
    /** The peer says that nothing reaches it from here: the path works one way only. */
    PEER_HEARS_NOTHING("the peer is heard but hears nothing"),
    /** The peer said by an alert that it stops. */
    PEER_CLOSING("the peer said that it stops");

    private final String text;

    LinkReason(String text) {
        this.text = text;
    }

    /** For operators, to stand behind a colon. */
    public String text() {
        return text;
    }
}
