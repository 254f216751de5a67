package org.pairspan.kms.directory;

import java.net.InetSocketAddress;
import java.util.List;
import org.pairspan.kms.cluster.ClusterMessage;
import org.pairspan.protocol.address.IpPrefix;

/**
 * What the directory knows of a member.
 *
 * @param id       the certified id
 * @param number   1 to 1,048,575, this member's for good
 * @param prefixes the addresses behind it
 * @param bearer   where its UDP port is; always resolved
 * @param suites   wire numbers of the suites it can run, best first
 */
public record MemberEntry(String id, int number, List<IpPrefix> prefixes, InetSocketAddress bearer, List<Integer> suites)
        implements ClusterMessage {

    public MemberEntry {
        prefixes = List.copyOf(prefixes);
        suites = List.copyOf(suites);
    }
}
