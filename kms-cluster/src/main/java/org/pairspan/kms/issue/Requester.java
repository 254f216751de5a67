package org.pairspan.kms.issue;

import java.net.InetSocketAddress;
import org.pairspan.kms.directory.MemberEntry;

/**
 * An authenticated, registered member that asks.
 *
 * @param incarnation the process it runs as
 * @param from        where its connection comes from
 */
public record Requester(MemberEntry entry, long incarnation, InetSocketAddress from) {
}
