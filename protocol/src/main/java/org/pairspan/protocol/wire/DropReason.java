package org.pairspan.protocol.wire;

/**
 * Why a packet was dropped, on either way through a node. Each reason has an id of its own that never changes its meaning,
 * so that counters, logs and tests can refer to it; a method that answers with a length tells a drop as the negated id.
 */
public enum DropReason {
    // Outbound: from the device to the bearer.
    NOT_IP(1, "The device gave something that is no well-formed IPv4 or IPv6 packet."),
    NO_PEER(2, "No member owns the destination address."),
    HOLD_QUEUE_FULL(3, "The packet would have waited for its key, but the hold queue was full."),
    HOLD_EXPIRED(4, "The packet waited for its key longer than the hold time."),
    SOURCE_NOT_OWN(5, "The source address lies outside this member's own prefixes."),
    MULTICAST(6, "The destination is a multicast or broadcast address, which no pair key may carry."),
    TOO_LARGE(7, "The packet is larger than the tunnel can carry."),
    BACK_PRESSURE(8, "The stream to the peer took no more."),
    SA_EXHAUSTED(9, "The security association reached a hard limit before its successor was there."),
    PEER_NOT_CONNECTED(10, "The stream to the peer is not connected yet."),
    NETWORK_REFUSED(11, "The network below refused the datagram: no route, or an address that it does not send to."),
    DATAGRAM_TOO_LONG(12, "The datagram is longer than the network interface takes."),
    ADDRESS_FAMILY(13, "The peer's address is of another IP version than the UDP port."),
    PEER_CLOSED(14, "It was on its way to or from a peer when all that was shared with the peer was closed."),
    POLICY_DISCARDED(20, "The security policy lets nothing like this packet out to its peer."),
    QUEUE_DELAY(23, "The packet's flow had waited for the peer too long, so that its sender must slow down."),
    QUEUE_FULL(24, "All memory of the queues was used, and this packet's queue, or the packet, gave way."),

    // Inbound: from the bearer to the device.
    DATAGRAM_TOO_SHORT(32, "The datagram is shorter than the smallest well-formed one."),
    SPA_VERSION(33, "The datagram does not begin with a version and flags known here."),
    SPA_LENGTH(34, "The length in the SPA header is not the datagram's, or cannot be that of an ESP packet."),
    SPI_UNKNOWN(35, "No security association has this SPI."),
    SPA_TAG(36, "The SPA tag does not fit: whoever sent this does not hold the key."),
    REPLAYED(37, "The sequence number was seen before or lies left of the replay window."),
    ICV(38, "The integrity check value of ESP does not fit."),
    ESN_MISMATCH(39, "The initialisation vector is not the extended sequence number that the window infers."),
    PADDING(40, "The ESP padding is longer than the packet or is not 1, 2, 3 and so on."),
    NEXT_HEADER(41, "The next header of the ESP trailer is none that is carried here."),
    SA_EXPIRED(42, "The security association is past a hard limit of its lifetime."),
    POLICY_REFUSED(64, "The security policy takes nothing like this packet from its peer."),
    // 43 to 45 were given to a reassembly below the transport, which is gone.
    FOREIGN_STREAM(46, "An authentic datagram carried a frame of a stream that is not its sender's."),
    MALFORMED_FRAME(47, "An authentic datagram carried no well-formed transport frame."),
    SOURCE_NOT_PEERS(48, "The inner source address lies outside the sending peer's prefixes."),
    DESTINATION_NOT_OWN(49, "The inner destination address lies outside this member's own prefixes."),
    OFFLOAD_HEADER(50, "The peer's packet cannot lack its checksum, or be cut into segments, as the peer says it does."),
    DEVICE_REFUSED(51, "The device did not take the packet."),
    TRUNCATED(52, "The packet is shorter than its own headers say."),
    SEGMENT_MALFORMED(53, "An authentic bearer segment contradicts itself, or lies outside its stream's buffers."),
    PIECE_DUPLICATE(56, "A piece of the reliable class came a second time."),
    PIECE_REFUSED(57, "A piece of the reliable class was malformed, outside the window, or of a stream that is over or not begun."),
    ACKNOWLEDGEMENT_REFUSED(58, "An acknowledgement spoke of pieces that were never sent."),
    EXCHANGE_OUTSTANDING(59, "The policy wants a key exchange before payload, but the peer sent payload under bootstrap keys."),
    HANDSHAKE_STALE(60, "A handshake message was of a generation, epoch or attempt that is not under way."),
    HANDSHAKE_FLOOD(61, "The peer sent more handshake messages, or began more handshakes, than this node takes."),
    CONTROL_MALFORMED(62, "An authentic control message was of no known type, or not what its type asks for."),
    CONTROL_FLOOD(63, "The peer sent more control messages than it may."),
    STREAM_MEMORY(65, "The peer would begin a stream that bearer.directory has no room for; it is asked again while it tries."),
    SESSION_FLOOD(66, "The peer would begin one more stream while as many as it may have still take memory here."),
    SESSION_UNKNOWN(67, "The peer sent in a stream whose setup has not come; it is asked for it."),
    PIECE_MISSING(25, "A packet was given up, or begun too late, because a piece of it did not come in its turn.");

    private static final DropReason[] BY_ID = new DropReason[128];

    static {
        for (DropReason reason : values()) {
            if (BY_ID[reason.id] != null) {
                throw new IllegalStateException("two drop reasons have the id " + reason.id);
            }
            BY_ID[reason.id] = reason;
        }
    }

    private final int id;
    private final String description;

    DropReason(int id, String description) {
        this.id = id;
        this.description = description;
    }

    /** 1 to 127; unique, and never given to another reason. */
    public int id() {
        return id;
    }

    /** One sentence for operators. */
    public String description() {
        return description;
    }

    /**
     * The reason with this id.
     *
     * @throws IllegalArgumentException when there is none; ids come from this program only, never from the network.
     */
    public static DropReason ofId(int id) {
        DropReason reason = id > 0 && id < BY_ID.length ? BY_ID[id] : null;
        if (reason == null) {
            throw new IllegalArgumentException("no drop reason has the id " + id);
        }
        return reason;
    }

    /** One more than the largest id there can be; the length of an array indexed by id. */
    static int idLimit() {
        return BY_ID.length;
    }
}
