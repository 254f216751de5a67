package org.pairspan.kms.policy.keeping;

/**
 * Published on the event stream of a server's actor system: from now on it decides by this version.
 */
public record PolicyAdopted(long version) {
}
