package org.pairspan.multijvm.swarm;

import org.pairspan.cli.lab.Namespace;
import org.pairspan.protocol.keyservice.Association;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Many members at one node, each with a UDP port and keys of its own; one thread moves them all. */
public final class Swarm implements AutoCloseable {

    private static final long CHORES_INTERVAL_NS = 20_000_000;
    private static final int MOST_AT_ONCE = 64;

    private final Namespace namespace;
    private final InetSocketAddress bearer;
    private final byte[] target;
    private final int port;
    private final int payload;
    private final Selector selector;
    private final List<SwarmMember> members = new ArrayList<>();

    /**
     * What a round of traffic came to.
     *
     * @param sent packets to the echo, of all members
     * @param answered packets that came back
     * @param silent members that got nothing back
     * @param seconds how long it took
     * @param dropped datagrams that did not open at a member
     */
    public record Result(long sent, long answered, int silent, double seconds, long dropped) {
        /** Packets a second through the node, both ways. */
        public long packetsPerSecond() {
            return Math.round((sent + answered) / seconds);
        }
    }

    /**
     * A swarm without members.
     *
     * @param namespace where the members' sockets are
     * @param bearer of the node
     * @param target IPv4 address of the echo behind it
     * @param payload bytes of each packet's UDP payload
     */
    public Swarm(Namespace namespace, InetSocketAddress bearer, byte[] target, int port, int payload) throws IOException {
        this.namespace = namespace;
        this.bearer = bearer;
        this.target = target.clone();
        this.port = port;
        this.payload = payload;
        this.selector = Selector.open();
    }

    /** Adds a member whose bearer is at {@code own}, with what the key service told it. */
    public void add(String id, byte[] address, InetSocketAddress own, Association granted) throws IOException {
        final DatagramChannel channel = namespace.call(() -> DatagramChannel.open().bind(own).connect(bearer));
        channel.configureBlocking(false);
        final SwarmMember member = new SwarmMember(id, address, target, port, payload, channel, granted);
        channel.register(selector, SelectionKey.OP_READ, member);
        members.add(member);
    }

    /** Lets all members send, one after the other, so many packets a second in all. */
    public Result run(double seconds, int perSecond) throws IOException {
        final long sentBefore = members.stream().mapToLong(SwarmMember::sent).sum();
        final int[] answeredBefore = members.stream().mapToInt(SwarmMember::answered).toArray();
        final long start = System.nanoTime();
        final long end = start + Math.round(seconds * 1e9);
        long offered = 0;
        long choresNs = start;
        for (long nowNs = start; nowNs - end < 0; nowNs = System.nanoTime()) {
            final long due = Math.min(offered + MOST_AT_ONCE, (long) ((nowNs - start) / 1e9 * perSecond));
            for (; offered < due; offered++) {
                members.get((int) (offered % members.size())).send(nowNs);
            }
            receive(nowNs);
            if (nowNs - choresNs >= 0) {
                choresNs = nowNs + CHORES_INTERVAL_NS;
                for (final SwarmMember member : members) {
                    member.doWork(nowNs);
                }
            }
        }
        long answered = 0;
        int silent = 0;
        for (int i = 0; i < answeredBefore.length; i++) {
            final int own = members.get(i).answered() - answeredBefore[i];
            answered += own;
            silent += own == 0 ? 1 : 0;
        }
        return new Result(members.stream().mapToLong(SwarmMember::sent).sum() - sentBefore, answered, silent, (System.nanoTime() - start) / 1e9,
            members.stream().mapToLong(SwarmMember::dropped).sum());
    }

    /** How the member does that got the fewest answers. */
    @Override
    public String toString() {
        return members.stream().min(Comparator.comparingInt(SwarmMember::answered)).map(SwarmMember::toString).orElse("nobody");
    }

    private void receive(long nowNs) throws IOException {
        selector.select(1);
        for (final SelectionKey ready : selector.selectedKeys()) {
            ((SwarmMember) ready.attachment()).receive(nowNs);
        }
        selector.selectedKeys().clear();
    }

    @Override
    public void close() throws IOException {
        for (final SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}
