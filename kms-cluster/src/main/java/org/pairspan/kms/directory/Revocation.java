package org.pairspan.kms.directory;

/**
 * A member has lost its right to keys, for good: its id never registers again, whatever certificate it shows, and its number is never
 * given to another.
 *
 * @param number its number; 0 where it never registered
 * @param reason the operator's
 * @param atMs   when, ms since 1970
 */
public record Revocation(String memberId, int number, String reason, long atMs) implements DirectoryEvent {
}
