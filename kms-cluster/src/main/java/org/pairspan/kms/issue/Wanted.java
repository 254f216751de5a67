package org.pairspan.kms.issue;

/**
 * The key a member wants.
 *
 * @param peerAddress     4 or 16 bytes, an address behind the peer; null where the number is given
 * @param peerNumber      the peer's member number
 * @param aboveGeneration 0, or the generation that will not do any more
 * @param heldVersion     version of the pair's key the member holds; 0 where it holds none
 */
public record Wanted(byte[] peerAddress, int peerNumber, long aboveGeneration, int heldVersion) {
}
