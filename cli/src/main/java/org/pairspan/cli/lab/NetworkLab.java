package org.pairspan.cli.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The network of the demo and of the multi-JVM tests, made of namespaces of our own:
 *
 * <pre>
 *                  203.0.113.0/24
 *        .----------------------------------.
 *        | .1 far                           | .3 wire
 *   .----+-----.      192.0.2.0/24     .----+-----.           .----------.
 *   |  site-a  | .1 wire       wire .2 |  site-b  |           |  site-c  |   (drawn apart: the upper link is a — c)
 *   | 10.1/16  +-----------------------+ 10.2/16  |           | 10.3/16  |
 *   | fd00:1:: |  tunnel traffic only  | fd00:2:: |           | fd00:3:: |
 *   '----+-----'                       '----+-----'           '----+-----'
 *        | .11 keys                         | .12 keys             | .13 keys
 *        |            198.51.100.0/24       |                      |
 *   .----+----------------------------------+----------------------+----.
 *   |  keys    a bridge whose ports are isolated: sites reach the key   |
 *   |          servers at .1 .2 .3, never each other                    |
 *   '-------------------------------------------------------------------'
 * </pre>
 *
 * <p>The addresses are RFC 5737 documentation ranges. Names in {@code ip netns} hold this process's id; what an earlier process
 * left behind when it was killed is taken away at the start. Whatever is handed to {@link #closing} is closed first, newest first,
 * then the namespaces go, and with them every link: at {@link #close}, or when the JVM ends.
 */
public final class NetworkLab implements AutoCloseable {

    static final String PREFIX = "pairspan-";
    private static final Path NAMESPACES = Path.of("/run/netns");

    private static final AtomicInteger LABS = new AtomicInteger();

    private final LabResources resources = new LabResources();
    private final int number = nextNumber();
    private final Namespace keys;
    private final Site siteA;
    private final Site siteB;

    private NetworkLab() {
        keys = namespace("keys");
        // An address of its own: without one it takes the lowest of its ports', which changes as ports come. Whoever learned the one before would
        // talk to nobody.
        ip(keys, "link add bridge address 02:00:00:00:00:01 type bridge", "link set bridge addrgenmode none", "link set bridge up",
            "addr add 198.51.100.1/24 dev bridge", "addr add 198.51.100.2/24 dev bridge", "addr add 198.51.100.3/24 dev bridge");
        siteA = site("site-a", 1, "192.0.2.1");
        siteB = site("site-b", 2, "192.0.2.2");
        link(siteA.namespace(), "wire", "192.0.2.1/24", siteB.namespace(), "wire", "192.0.2.2/24");
    }

    /**
     * Makes the two sites and the key servers' namespace.
     *
     * @throws LabException when this process may not, see {@link LabAccess}
     */
    public static NetworkLab create() {
        removeLeftovers();
        return new NetworkLab();
    }

    /** Where the key servers live. */
    public Namespace keys() {
        return keys;
    }

    /** The addresses of the key servers, one each. */
    public List<String> keyServerAddresses() {
        return List.of("198.51.100.1", "198.51.100.2", "198.51.100.3");
    }

    public Site siteA() {
        return siteA;
    }

    public Site siteB() {
        return siteB;
    }

    /** Adds site-c, whose link leads to site A. The two reach each other at A's one bearer address. */
    public Site addSiteC() {
        final Site siteC = site("site-c", 3, "203.0.113.3");
        link(siteA.namespace(), "far", "203.0.113.1/24", siteC.namespace(), "wire", "203.0.113.3/24");
        ip(siteA.namespace(), "route add 203.0.113.3/32 dev far src 192.0.2.1");
        ip(siteC.namespace(), "route add 192.0.2.1/32 via 203.0.113.1");
        return siteC;
    }

    /**
     * Adds two sites that are joined by nothing yet: what leaves one at its wire comes out at an interface of a namespace between them,
     * where a program has to carry it to the other. Segmentation offload is off, as on an Ethernet. Needs {@code ethtool}.
     *
     * @param number of the left site; the right one has the next
     */
    public LineEnds addLine(int number) {
        final Namespace middle = namespace("line-" + number);
        return new LineEnds(lineSite(number, middle, LineEnds.LEFT), middle, lineSite(number + 1, middle, LineEnds.RIGHT));
    }

    private Site lineSite(int number, Namespace middle, String device) {
        final Site site = site("site-" + number, number, "192.0.2." + number);
        link(site.namespace(), "wire", site.wireAddress() + "/24", middle, device, null);
        Command.succeed(site.namespace().command(List.of("ethtool", "-K", "wire", "tso", "off", "gso", "off", "tx-udp-segmentation", "off")), "");
        return site;
    }

    /** Drops this share (0 to 1) of the packets that arrive at a site's wire, at random; 0 takes the rule away. Needs {@code nft}. */
    public void loss(Site site, double share) {
        final List<String> nft = site.namespace().command(List.of("nft", "-f", "-"));
        Command.succeed(nft, "table netdev lab {}\ndelete table netdev lab\n");
        if (share > 0) {
            Command.succeed(nft, """
                table netdev lab {
                  chain arriving {
                    type filter hook ingress device "wire" priority 0;
                    %sdrop
                  }
                }
                """.formatted(share < 1 ? "numgen random mod 100000 < " + Math.round(share * 100_000) + " " : ""));
        }
    }

    /** What goes when the laboratory goes, before the namespaces do. */
    public LabResources resources() {
        return resources;
    }

    /** Hands something over to be closed before the namespaces go. */
    public <T extends AutoCloseable> T closing(T thing) {
        return resources.closing(thing);
    }

    @Override
    public void close() {
        resources.close();
    }

    private Site site(String role, int number, String wireAddress) {
        final Namespace namespace = namespace(role);
        link(namespace, "keys", "198.51.100." + (10 + number) + "/24", keys, "to-" + role, null);
        ip(keys, "link set to-" + role + " master bridge", "link set to-" + role + " type bridge_slave isolated on");
        return new Site(role, namespace, number, wireAddress);
    }

    private Namespace namespace(String role) {
        return namespace(resources, number, role);
    }

    /** A namespace that goes with the resources, with nothing in it but a loopback interface. */
    static Namespace namespace(LabResources resources, int lab, String role) {
        final Namespace namespace = new Namespace(role, PREFIX + ProcessHandle.current().pid() + "-" + lab + "-" + role);
        Command.succeed("ip", "netns", "add", namespace.name());
        resources.closing(() -> Command.succeed("ip", "netns", "del", namespace.name()));
        ip(namespace, "link set lo up");
        return namespace;
    }

    /** The number of one more laboratory of this JVM. */
    static int nextNumber() {
        return LABS.incrementAndGet();
    }

    /** Both ends are made inside, so that nothing ever shows on the host; no IPv6 address of the kernel's own talks on them. */
    static void link(Namespace left, String leftName, String leftAddress, Namespace right, String rightName, String rightAddress) {
        ip(left, "link add " + leftName + " mtu 1500 type veth peer name " + rightName + " mtu 1500 netns " + right.name());
        bringUp(left, leftName, leftAddress);
        bringUp(right, rightName, rightAddress);
    }

    private static void bringUp(Namespace namespace, String name, String address) {
        ip(namespace, "link set " + name + " addrgenmode none", "link set " + name + " up");
        if (address != null) {
            ip(namespace, "addr add " + address + " dev " + name);
        }
    }

    static void ip(Namespace namespace, String... lines) {
        Command.succeed(List.of("ip", "-n", namespace.name(), "-batch", "-"), String.join("\n", lines) + "\n");
    }

    /** One at a time: of two that take the same namespace away, one would fail. */
    static synchronized void removeLeftovers() {
        if (!Files.isDirectory(NAMESPACES)) {
            return;
        }
        for (final String name : leftNamespaces()) {
            final long owner = Long.parseLong(name.substring(PREFIX.length()).replaceFirst("-.*", ""));
            if (ProcessHandle.of(owner).isEmpty()) {
                Command.succeed("ip", "netns", "del", name);
            }
        }
    }

    /** Names of all namespaces on this machine that look like a laboratory's. */
    public static List<String> leftNamespaces() {
        return Command.succeed("ip", "netns", "list").lines()
            .map(line -> line.split(" ")[0])
            .filter(name -> name.matches(PREFIX + "\\d+-.*"))
            .toList();
    }
}
