package org.pairspan.multijvm.scenario;

import com.google.protobuf.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pairspan.cli.lab.Capture;
import org.pairspan.cli.lab.Deployment;
import org.pairspan.cli.lab.LabPki;
import org.pairspan.cli.lab.LabProcess;
import org.pairspan.cli.lab.ManagementClient;
import org.pairspan.cli.lab.Site;
import org.pairspan.cli.lab.traffic.UdpProbe;
import org.pairspan.multijvm.harness.Installation;
import org.pairspan.multijvm.harness.PacketCount;
import org.pairspan.multijvm.harness.Scenario;
import org.pairspan.protocol.address.IpPrefix;
import org.pairspan.protocol.keyservice.Addresses;
import org.pairspan.protocol.keyservice.FrameCodec;
import org.pairspan.protocol.keyservice.KeyRequest;
import org.pairspan.protocol.keyservice.MemberFrame;
import org.pairspan.protocol.keyservice.Refusal;
import org.pairspan.protocol.keyservice.Register;
import org.pairspan.protocol.keyservice.ServiceFrame;
import org.pairspan.runtime.identity.Role;
import org.pairspan.runtime.tls.TlsContexts;
import org.pairspan.runtime.tls.TlsIdentity;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLSocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a member may not do is refused with its reason, and what a node can't send yet is dropped and counted. */
@Scenario
@Timeout(180)
class RefusalsTest {

    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final Installation installation;

    @TempDir
    private Path folder;

    RefusalsTest(Installation installation) {
        this.installation = installation;
    }

    @Test
    void aMemberThatRegistersUnderAnothersIdIsRefused() throws IOException {
        final ServiceFrame answer = exchange("refused-1", register("site-a", prefixOf("refused-1")));
        assertEquals(Refusal.Reason.IDENTITY_MISMATCH, answer.getRefusal().getReason(), answer::toString);
    }

    @Test
    void aMemberThatRegistersAPrefixItWasNotGrantedIsRefused() throws IOException {
        final ServiceFrame answer = exchange("refused-2", register("refused-2", "10.1.0.0/16"));
        assertEquals(Refusal.Reason.PREFIX_REFUSED, answer.getRefusal().getReason(), answer::toString);
    }

    @Test
    void aMemberThatAsksWithAnothersIdIsRefused() throws IOException {
        final ServiceFrame answer = exchange("refused-3", register("refused-3", prefixOf("refused-3")), ask("site-a", 10, 2, 0, 1));
        assertEquals(Refusal.Reason.IDENTITY_MISMATCH, answer.getRefusal().getReason(), answer::toString);
    }

    @Test
    void anAddressThatNoMemberOwnsIsUnknown() throws IOException {
        final ServiceFrame answer = exchange("refused-4", register("refused-4", prefixOf("refused-4")), ask("refused-4", 10, 99, 0, 1));
        assertEquals(Refusal.Reason.UNKNOWN_PEER, answer.getRefusal().getReason(), answer::toString);
    }

    @Test
    void theOwnAddressHasNoKey() throws IOException {
        final ServiceFrame answer = exchange("refused-5", register("refused-5", prefixOf("refused-5")), ask("refused-5", 172, 20, 5, 9));
        assertEquals(Refusal.Reason.SELF, answer.getRefusal().getReason(), answer::toString);
    }

    @Test
    @SuppressWarnings("unchecked")
    void aFullHoldQueueDropsAndCountsAndSendsNothing() throws IOException {
        final Site siteC = installation.siteC();
        try (LabProcess node = installation.deployment().startBriefNode(siteC,
            "key-service.servers = [\"198.51.100.99:7400\"]\nhold { packets = 8, timeout = 300 ms }")) {
            Deployment.awaitReady(node);
            final Capture capture = Capture.start(siteC.namespace(), "wire", folder.resolve("wire.pcap"));
            final int sent;
            try (capture; UdpProbe probe = UdpProbe.start(siteC.namespace(), new InetSocketAddress("10.1.0.1", 7004), Duration.ofMillis(2))) {
                assertFalse(probe.awaitAnswer(Duration.ofSeconds(1)));
                sent = probe.stop(Duration.ofMillis(500)).sent();
            }
            final ManagementClient management = installation.managementOf(siteC, node);
            final Map<String, Long> drops = (Map<String, Long>) management.read("type=Node,*").values().iterator().next().get("Drops");
            final long full = drops.getOrDefault("HOLD_QUEUE_FULL", 0L);
            final long expired = drops.getOrDefault("HOLD_EXPIRED", 0L);
            assertTrue(full > 0 && expired > 0, drops::toString);
            assertEquals(sent, full + expired, drops::toString);
            assertEquals(0, PacketCount.from(siteC.wireAddress(), capture.file()));
        }
    }

    /** Sends frames as a member and returns the answer to the last. */
    private ServiceFrame exchange(String id, MemberFrame... frames) throws IOException {
        final LabPki pki = installation.deployment().pki();
        pki.issueMember(id, List.of(prefixOf(id)));
        final TlsContexts tls = TlsContexts.of(TlsIdentity.load(pki.certificate(id), pki.privateKey(id), pki.authority()));
        final InetSocketAddress server = new InetSocketAddress(installation.deployment().keyServerAddresses().getFirst(), Deployment.memberPort());
        return installation.lab().siteA().namespace().call(() -> {
            try (SSLSocket socket = tls.connect(server, Role.KMS, LIMIT)) {
                socket.setSoTimeout((int) LIMIT.toMillis());
                final DataInputStream in = new DataInputStream(socket.getInputStream());
                ServiceFrame answer = null;
                for (final MemberFrame frame : frames) {
                    socket.getOutputStream().write(FrameCodec.encode(frame));
                    socket.getOutputStream().flush();
                    final byte[] prefix = new byte[FrameCodec.PREFIX_LENGTH];
                    in.readFully(prefix);
                    answer = FrameCodec.parseService(in.readNBytes(FrameCodec.bodyLength(prefix)));
                }
                return answer;
            }
        });
    }

    /** Each of these members has a prefix of its own, so that none is refused for another's. */
    private static String prefixOf(String id) {
        return "172.20." + id.substring(id.lastIndexOf('-') + 1) + ".0/24";
    }

    private static MemberFrame register(String id, String prefix) {
        return MemberFrame.newBuilder().setCorrelationId(1).setRegister(Register.newBuilder().setMemberId(id).setIncarnation(1)
            .setBearer(Addresses.message(new InetSocketAddress("192.0.2.1", 4711))).addPrefixes(Addresses.message(IpPrefix.parse(prefix)))
            .addSuites(1)).build();
    }

    private static MemberFrame ask(String id, int... address) {
        final byte[] bytes = new byte[address.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) address[i];
        }
        return MemberFrame.newBuilder().setCorrelationId(2).setKeyRequest(KeyRequest.newBuilder().setMemberId(id).setIncarnation(1)
            .setPeerAddress(ByteString.copyFrom(bytes))).build();
    }
}
