package org.pairspan.protocol.alert;

/**
 * What one end tells the other. Where TLS has the same alert, the code is that of RFC 8446 section 6; others are from 200. Codes never
 * change their meaning.
 */
public enum AlertCode {
    /** The sender stops; nothing more comes from it. */
    CLOSE_NOTIFY(0, "close_notify", "The peer stops."),
    /** A control message was of a type, or in a form, that the sender of the alert does not know: another version perhaps. */
    UNEXPECTED_MESSAGE(10, "unexpected_message", "The peer does not understand some control messages of this node."),
    /** The key exchange failed; which check it was is not told. */
    HANDSHAKE_FAILURE(40, "handshake_failure", "The key exchange failed at the peer."),
    /** The policy of the sender of the alert lets some of the packets not pass. */
    ACCESS_DENIED(49, "access_denied", "The peer's policy does not let some packets of this node pass."),
    /** The inner address of some packets is not what the directory says. */
    ADDRESS_REFUSED(200, "address_refused", "Some packets of this node come from, or go to, an address that the peer does not know so."),
    /** More control messages came than the sender of the alert takes; some were dropped. */
    RESOURCE_LIMIT(201, "resource_limit", "The peer dropped control messages of this node because there were too many.");

    private static final AlertCode[] BY_CODE = new AlertCode[256];

    static {
        for (AlertCode alert : values()) {
            BY_CODE[alert.code] = alert;
        }
    }

    private final int code;
    private final String text;
    private final String meaning;

    AlertCode(int code, String text, String meaning) {
        this.code = code;
        this.text = text;
        this.meaning = meaning;
    }

    /** On the wire, 0 to 255. */
    public int code() {
        return code;
    }

    /** Short name, as in logs and metrics. */
    public String text() {
        return text;
    }

    /** One sentence for the operator who receives it. */
    public String meaning() {
        return meaning;
    }

    /** The alert with this code, 0 to 255; null when there is none. */
    public static AlertCode ofCode(int code) {
        return BY_CODE[code];
    }
}
