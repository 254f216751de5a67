package org.pairspan.protocol.control;

/** Whose a control message is: its first byte. Numbers never change their meaning. */
public enum ControlType {
    /** A whole frame of the transport that is no data: setup, status, NAK. */
    TRANSPORT(1),
    /** Acknowledgement of the reliable class (PS-6), with the receiver's window (PS-10). */
    ACKNOWLEDGEMENT(2),
    /** Round-trip time request and reply (PS-7). */
    RTT(3),
    /** Heartbeat (PS-8). */
    HEARTBEAT(4),
    /** Alert (PS-9). */
    ALERT(5),
    /** A piece of the key exchange (PS-1). */
    HANDSHAKE(7),
    /** Request for new keys (PS-4). */
    KEY_UPDATE(8),
    /** Path MTU probe and its echo (RFC 8899). */
    PATH_PROBE(9),
    /** Another control message with padding behind it (PS-13). */
    PADDED(10);

    private static final ControlType[] BY_CODE = new ControlType[16];

    static {
        for (ControlType type : values()) {
            BY_CODE[type.code] = type;
        }
    }

    private final byte code;

    ControlType(int code) {
        this.code = (byte) code;
    }

    /** First byte of the message, 1 to 15. */
    public byte code() {
        return code;
    }

    /** The type with this code; null when there is none. */
    public static ControlType ofCode(byte code) {
        return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
    }
}
