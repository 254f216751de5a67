package org.pairspan.cli.lab;

import java.util.List;

/**
 * One site of the laboratory.
 *
 * @param memberId the member id of its node
 * @param namespace where its node and its applications run
 * @param number gives its prefixes: 1 for site-a, 2 for site-b, 3 for site-c
 * @param wireAddress the address its bearer uses, on the link that carries tunnel traffic
 */
public record Site(String memberId, Namespace namespace, int number, String wireAddress) {

    /** The UDP port of every node's bearer. */
    public static final int BEARER_PORT = 4710;

    /** The same place as the site of another member, which has nothing to do with the one before. */
    public Site as(String otherId, int otherNumber) {
        return new Site(otherId, namespace, otherNumber, wireAddress);
    }

    /** The site's own address inside the tunnel. */
    public String address() {
        return "10." + number + ".0.1";
    }

    /** The site's own IPv6 address inside the tunnel. */
    public String address6() {
        return "fd00:" + number + "::1";
    }

    /** The prefixes behind this site's node. */
    public List<String> prefixes() {
        return List.of("10." + number + ".0.0/16", "fd00:" + number + "::/32");
    }
}
