package org.pairspan.multijvm.harness;

import org.pairspan.cli.lab.Deployment;
import org.pairspan.cli.lab.LabException;
import org.pairspan.cli.lab.LabProcess;
import org.pairspan.cli.lab.ManagementClient;
import org.pairspan.cli.lab.Site;
import org.pairspan.cli.lab.line.LongLine;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Two nodes of one test alone, with settings of its own, at the ends of the installation's long line. */
public final class LineTunnel implements AutoCloseable {

    /** Everything waits for its key, so that no test begins with losses. */
    private static final String PATIENT = "hold { packets = 4096, timeout = 30 s }\n";
    private static final long POLL_NS = 50_000_000;
    private static final Duration BEAN_LIMIT = Duration.ofSeconds(10);

    private final Installation installation;
    private final boolean brief;
    private final LongLine line;
    private final End left;
    private final End right;

    /** One site and its node, which may be started again. */
    public static final class End {
        private final Site site;
        private final String configuration;
        private LabProcess node;
        private ManagementClient management;

        private End(Site site, String configuration) {
            this.site = site;
            this.configuration = PATIENT + configuration;
        }

        public Site site() {
            return site;
        }

        public LabProcess node() {
            return node;
        }

        /** A socket address at the site's own address inside the tunnel. */
        public InetSocketAddress at(int port) {
            return new InetSocketAddress(site.address(), port);
        }

        /** The node's own bean. */
        public Map<String, Object> nodeBean() {
            return management.read("type=Node,*").values().iterator().next();
        }

        /**
         * Packets of its site that the node did not take, because those before them had waited too long or memory was used up. On a machine
         * that has more to do than it can, some are: they say that it is too slow, not that the tunnel lost any.
         */
        public long notTaken() {
            return drops("QUEUE_DELAY") + drops("QUEUE_FULL");
        }

        /** How often the node dropped for a reason. */
        public long drops(String reason) {
            final Object count = ((Map<?, ?>) nodeBean().get("Drops")).get(reason);
            return count == null ? 0 : (Long) count;
        }
    }

    private LineTunnel(Installation installation, boolean brief, String atLeft, String atRight) throws IOException {
        this.installation = installation;
        this.brief = brief;
        this.line = installation.line();
        this.left = new End(installation.lineEnds().left(), atLeft);
        this.right = new End(installation.lineEnds().right(), atRight);
    }

    /**
     * Starts both nodes with further lines of configuration and waits until they are ready. The line is an ideal one. The nodes carry some Mbit/s,
     * see {@link Deployment#startBriefNode}.
     */
    public static LineTunnel start(Installation installation, String configuration) throws IOException {
        return start(installation, configuration, configuration);
    }

    /** As {@link #start(Installation, String)}, with nodes that carry as much as they can. */
    public static LineTunnel startForLoad(Installation installation, String configuration) throws IOException {
        return launch(new LineTunnel(installation, false, configuration, configuration));
    }

    /** As {@link #start(Installation, String)}, with lines of its own for each end. */
    public static LineTunnel start(Installation installation, String atLeft, String atRight) throws IOException {
        return launch(new LineTunnel(installation, true, atLeft, atRight));
    }

    private static LineTunnel launch(LineTunnel tunnel) throws IOException {
        try {
            tunnel.launch(tunnel.left);
            tunnel.launch(tunnel.right);
            Deployment.awaitReady(tunnel.left.node);
            Deployment.awaitReady(tunnel.right.node);
            return tunnel;
        } catch (LabException e) {
            tunnel.close();
            throw e;
        }
    }

    public End left() {
        return left;
    }

    public End right() {
        return right;
    }

    public LongLine line() {
        return line;
    }

    /** The end at the other side. */
    public End otherThan(End end) {
        return end == left ? right : left;
    }

    /** Numbered packets from an end to a port at the other, see {@link NumberedFlow#start}. */
    public NumberedFlow flow(End from, int port, int length, int perSecond) {
        final End to = otherThan(from);
        return NumberedFlow.start(from.site.namespace(), to.site.namespace(), to.at(port), length, perSecond);
    }

    /** Starts an end's node again, which was killed or ended before, and waits until it is ready. */
    public void startAgain(End end) throws IOException {
        launch(end);
        Deployment.awaitReady(end.node);
    }

    /** What a node says of the other one, as soon as it says anything of it; it refreshes its beans twice a second. */
    public Map<String, Object> peerOf(End end) {
        return awaitPeer(end, bean -> true, BEAN_LIMIT);
    }

    /**
     * Waits until what a node says of the other one is as wanted.
     *
     * @throws LabException with what it says instead, when the time runs out
     */
    public Map<String, Object> awaitPeer(End end, Predicate<Map<String, Object>> wanted, Duration limit) {
        final String other = "name=" + otherThan(end).site.memberId() + ",type=Peer";
        final long start = System.nanoTime();
        while (true) {
            final Map<String, Object> bean = end.management.read("type=Peer,*").get(other);
            if (bean != null && wanted.test(bean)) {
                return bean;
            }
            if (System.nanoTime() - start > limit.toNanos()) {
                throw new LabException(end.site.memberId() + " does not say of its peer what is waited for: " + bean + "\n" + end.node.tail(20));
            }
            LockSupport.parkNanos(POLL_NS);
        }
    }

    @Override
    public void close() {
        final List<LabProcess> nodes = Stream.of(left, right).map(End::node).filter(Objects::nonNull).toList();
        nodes.forEach(LabProcess::askToEnd);
        nodes.forEach(LabProcess::close);
    }

    private void launch(End end) throws IOException {
        end.node = brief ? installation.deployment().startBriefNode(end.site, end.configuration)
            : installation.deployment().startNode(end.site, end.configuration);
        end.management = new ManagementClient(end.site.namespace(), end.node);
    }
}
