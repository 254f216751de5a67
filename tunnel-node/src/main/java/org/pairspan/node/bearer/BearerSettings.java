package org.pairspan.node.bearer;

import java.net.InetSocketAddress;
import java.nio.file.Path;

/**
 * How the bearer is set up.
 *
 * @param address     where the UDP port for peers is bound.
 * @param pathMtu     largest IP packet that the networks between the sites carry, in bytes; 1,280 to 65,535.
 * @param termLength  length of one Aeron term buffer in bytes, a power of two from 64 KiB; three make a log, one log each way and peer.
 *                    Streams to peers nearby have shorter ones ({@link TermLength}).
 * @param window      most bytes in flight to this node from one peer, up to half of the longest terms there are.
 * @param socketBuffer wanted kernel buffer of the UDP port, each way, in bytes.
 * @param directory   Aeron's directory; it holds packets in clear, so it must be this user's alone.
 */
public record BearerSettings(InetSocketAddress address, int pathMtu, int termLength, int window, int socketBuffer,
        Path directory) {
}
