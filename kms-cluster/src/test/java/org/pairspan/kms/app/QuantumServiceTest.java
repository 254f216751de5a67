package org.pairspan.kms.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import javax.management.JMX;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pairspan.kms.InTurn;
import org.pairspan.kms.config.KeySourcePolicy;
import org.pairspan.kms.source.combined.KeySourcesMXBean;
import org.pairspan.protocol.keyservice.Refusal;
import org.pairspan.protocol.keyservice.ServiceFrame;
import org.pairspan.runtime.certificate.KeyKind;

/** One service takes keys from another over ETSI GS QKD 014, both with SM2: our client against our own server. */
@InTurn
class QuantumServiceTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(value = KeySourcePolicy.class, names = {"QUANTUM", "BOTH_REQUIRED"})
    void aPairsKeyIsMadeOfWhatTheOtherServiceGives(KeySourcePolicy policy) throws Exception {
        InetSocketAddress port = Installation.freePort();
        Installation giving = giving(port);
        Installation taking = taking(giving, port, policy);
        try (KeyServer kme = KeyServer.start(giving.configuration(0), System.out::println); KeyServer server = KeyServer.start(taking.configuration(0), System.out::println)) {
            assertTrue(keyOfAPair(taking).hasKeyGrant());
            KeySourcesMXBean sources = JMX.newMXBeanProxy(ManagementFactory.getPlatformMBeanServer(),
                    new ObjectName("org.pairspan:type=KeySources,name=kms-taking-1"), KeySourcesMXBean.class);
            assertEquals(policy.word(), sources.getPolicy());
            assertEquals("well", sources.getQuantumState());
            assertEquals(1L, sources.getKeysMade().get(policy == KeySourcePolicy.QUANTUM ? "quantum" : "random and quantum"));
            assertEquals(Map.of(), sources.getQuantumFailures());
            assertTrue(Files.readString(folder.resolve("giving/audit-kms-giving-1.jsonl")).contains("enc_keys, 256 bits, made of [random]"));
        }
    }

    @Test
    void withoutTheOtherServiceThereIsNoKeyWhereItIsRequired() throws Exception {
        InetSocketAddress port = Installation.freePort();
        Installation taking = taking(giving(port), port, KeySourcePolicy.BOTH_REQUIRED);
        try (KeyServer server = KeyServer.start(taking.configuration(0), System.out::println)) {
            ServiceFrame answer = keyOfAPair(taking);
            assertTrue(answer.hasRefusal(), answer::toString);
            assertEquals(Refusal.Reason.UNAVAILABLE, answer.getRefusal().getReason());
        }
    }

    private Installation giving(InetSocketAddress port) throws IOException {
        Installation giving = new Installation(Files.createDirectories(folder.resolve("giving")), KeyKind.SM2, 1, "kms-giving");
        giving.member("taking-service");
        Files.writeString(giving.configuration(0), """
                pairspan.kms.etsi-014 { enabled = true, host = "127.0.0.1", port = %d, saes = ["taking-service", "its-other-end"] }
                """.formatted(port.getPort()), StandardOpenOption.APPEND);
        return giving;
    }

    private Installation taking(Installation giving, InetSocketAddress port, KeySourcePolicy policy) throws IOException {
        Installation taking = new Installation(Files.createDirectories(folder.resolve("taking")), KeyKind.SM2, 1, "kms-taking");
        Files.writeString(taking.configuration(0), """
                pairspan.kms.key-source {
                  policy = %s
                  quantum {
                    url = "https://127.0.0.1:%d", slave-sae-id = "its-other-end", peer-check = pairspan, batch = 4, prefetch = 4
                    certificate = "%3$s/taking-service.crt", private-key = "%3$s/taking-service.key", authority = "%3$s/authority.crt"
                  }
                }
                """.formatted(policy.word(), port.getPort(), giving.folder()), StandardOpenOption.APPEND);
        return taking;
    }

    private static ServiceFrame keyOfAPair(Installation installation) throws IOException {
        try (MemberClient a = new MemberClient(installation.member("a", "10.1.0.0/16"), installation.memberLink(0), 1);
                MemberClient b = new MemberClient(installation.member("b", "10.2.0.0/16"), installation.memberLink(0), 1)) {
            a.register(List.of("10.1.0.0/16"), 1);
            b.register(List.of("10.2.0.0/16"), 1);
            return a.request("10.2.0.1", 0);
        }
    }
}
