package org.pairspan.kms.endpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pairspan.runtime.certificate.KeyKind;
import org.pairspan.runtime.identity.Role;
import org.pairspan.runtime.pki.CertificateAuthority;
import org.pairspan.runtime.pki.IssuedCertificate;
import org.pairspan.runtime.tls.TlsContexts;
import org.pairspan.runtime.tls.TlsIdentity;

/** Records against an engine in memory, cut and joined, whole and broken. */
class TlsRecordsTest {

    private static final int BROKEN_CONNECTIONS = 150;

    @TempDir
    private Path folder;
    private TlsContexts server;
    private TlsContexts member;

    private void issue(KeyKind kind) throws IOException {
        CertificateAuthority authority = CertificateAuthority.create("test authority", kind, Duration.ofDays(2), Clock.systemUTC());
        authority.own().write(folder, "authority");
        server = contexts(authority.issueKms("kms-1", kind, List.of(), Duration.ofDays(1)), "kms-1");
        member = contexts(authority.issueMember("site-a", kind, List.of(), Duration.ofDays(1)), "site-a");
    }

    private TlsContexts contexts(IssuedCertificate issued, String name) throws IOException {
        issued.write(folder, name);
        return TlsContexts.of(TlsIdentity.load(folder.resolve(name + ".crt"), folder.resolve(name + ".key"),
                folder.resolve("authority.crt")));
    }

    /** The end that connects, and what it says. */
    private static final class Client {

        private final SSLEngine engine;
        private final ByteArrayOutputStream heard = new ByteArrayOutputStream();
        private byte[] unheard = {};

        Client(SSLEngine engine) throws SSLException {
            this.engine = engine;
            engine.beginHandshake();
        }

        byte[] says(byte[] plain) throws SSLException {
            ByteArrayOutputStream records = new ByteArrayOutputStream();
            ByteBuffer source = ByteBuffer.wrap(plain);
            ByteBuffer target = ByteBuffer.allocate(20_000);
            SSLEngineResult result;
            do {
                result = engine.wrap(source, target.clear());
                records.write(target.array(), 0, target.position());
            } while (result.bytesProduced() > 0 && (source.hasRemaining() || engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP));
            return records.toByteArray();
        }

        /** What comes while the engine has something to say itself waits for the next time. */
        void hears(byte[] records) throws SSLException {
            ByteBuffer source = ByteBuffer.allocate(unheard.length + records.length).put(unheard).put(records).flip();
            ByteBuffer target = ByteBuffer.allocate(20_000);
            while (source.hasRemaining() && engine.unwrap(source, target.clear()).bytesConsumed() > 0) {
                heard.write(target.array(), 0, target.position());
            }
            unheard = Arrays.copyOfRange(source.array(), source.position(), source.limit());
        }
    }

    /** Has the records receive bytes in pieces of these lengths. */
    private static void receive(TlsRecords records, byte[] bytes, IntUnaryOperator lengths) throws SSLException {
        for (int from = 0; from < bytes.length;) {
            int to = Math.min(bytes.length, from + lengths.applyAsInt(bytes.length));
            records.receive(ByteString.fromArray(bytes, from, to - from));
            from = to;
        }
    }

    private static void shakeHands(Client client, TlsRecords records, IntUnaryOperator lengths) throws SSLException {
        for (int round = 0; !records.isEstablished() || client.engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING; round++) {
            assertTrue(round < 10, "no end of the handshake");
            receive(records, client.says(new byte[0]), lengths);
            client.hears(records.takeRecords().toArray());
        }
    }

    private static byte[] random(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    @ParameterizedTest
    @EnumSource(names = {"SM2", "ECDSA_P256"})
    void howTheBytesAreCutMakesNoDifference(KeyKind kind) throws IOException {
        issue(kind);
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (IntUnaryOperator lengths : List.<IntUnaryOperator>of(whole -> 1, whole -> whole, whole -> 1 + random.nextInt(whole),
                whole -> 1 + random.nextInt(40))) {
            Client client = new Client(member.clientEngine(Role.KMS));
            TlsRecords records = new TlsRecords(server.serverEngine(Role.MEMBER));
            shakeHands(client, records, lengths);
            byte[] sent = random(random, 1 + random.nextInt(60_000));
            receive(records, client.says(sent), lengths);
            assertArrayEquals(sent, records.takePlain().toArray(), () -> "seed " + seed);
            records.send(sent.clone());
            client.hears(records.takeRecords().toArray());
            assertArrayEquals(sent, client.heard.toByteArray(), () -> "seed " + seed);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SM2", "ECDSA_P256"})
    void brokenBytesEndInAnSslExceptionAndBringNothingThatWasNotSaid(KeyKind kind) throws IOException {
        issue(kind);
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int refused = 0;
        for (int i = 0; i < BROKEN_CONNECTIONS; i++) {
            Client client = new Client(member.clientEngine(Role.KMS));
            TlsRecords records = new TlsRecords(server.serverEngine(Role.MEMBER));
            byte[] word = random(random, 1 + random.nextInt(3_000));
            int brokenFlight = random.nextInt(3);
            try {
                for (int flight = 0; flight < 3; flight++) {
                    byte[] said = flight == 0 ? client.says(new byte[0]) : flight == 1 ? answer(client, records) : client.says(word);
                    receive(records, flight == brokenFlight ? broken(random, said) : said, whole -> 1 + random.nextInt(whole));
                }
            } catch (SSLException e) {
                refused++;
                records.close();
                assertTrue(records.isInboundDone(), () -> "seed " + seed);
            }
            byte[] heard = records.takePlain().toArray();
            assertTrue(heard.length <= word.length, () -> "seed " + seed);
            assertArrayEquals(Arrays.copyOf(word, heard.length), heard, () -> "seed " + seed);
        }
        assertTrue(refused > BROKEN_CONNECTIONS / 2, "most of it is noticed at once, " + refused + ", seed " + seed);
    }

    /** All that a client says to what the server has said. */
    private static byte[] answer(Client client, TlsRecords records) throws SSLException {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        client.hears(records.takeRecords().toArray());
        said.writeBytes(client.says(new byte[0]));
        client.hears(new byte[0]);
        said.writeBytes(client.says(new byte[0]));
        return said.toByteArray();
    }

    private static byte[] broken(Random random, byte[] whole) {
        byte[] bytes = whole.clone();
        int at = random.nextInt(Math.max(1, bytes.length));
        if (bytes.length == 0) {
            return random(random, 100);
        }
        switch (random.nextInt(4)) {
            case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> bytes = Arrays.copyOf(bytes, at + 1);
            case 2 -> {
                byte[] more = random(random, 1 + random.nextInt(300));
                byte[] longer = Arrays.copyOf(bytes, bytes.length + more.length);
                System.arraycopy(bytes, at, longer, at + more.length, bytes.length - at);
                System.arraycopy(more, 0, longer, at, more.length);
                bytes = longer;
            }
            default -> bytes = random(random, bytes.length);
        }
        return bytes;
    }

    @Test
    void smallRecordsCostNoMoreThanTheyBring() throws IOException {
        issue(KeyKind.ECDSA_P256);
        Client client = new Client(member.clientEngine(Role.KMS));
        TlsRecords records = new TlsRecords(server.serverEngine(Role.MEMBER));
        shakeHands(client, records, whole -> whole);
        int count = 4_000;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        for (int i = 0; i < count; i++) {
            said.writeBytes(client.says(new byte[] {(byte) i}));
        }
        ByteString bytes = ByteString.fromArrayUnsafe(said.toByteArray());
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        records.receive(bytes);
        long perRecord = (threads.getCurrentThreadAllocatedBytes() - before) / count;
        ByteString plain = records.takePlain();
        assertEquals(count, plain.size());
        assertTrue(plain.isCompact(), "one array");
        assertTrue(perRecord < 4_096, perRecord + " bytes of memory for a record of one byte");
    }

    @Test
    void aRecordThatDribblesInIsNotCopiedForEachByte() throws IOException {
        issue(KeyKind.ECDSA_P256);
        Client client = new Client(member.clientEngine(Role.KMS));
        TlsRecords records = new TlsRecords(server.serverEngine(Role.MEMBER));
        shakeHands(client, records, whole -> whole);
        byte[] said = client.says(new byte[16_384]);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        receive(records, said, whole -> 1);
        long perByte = (threads.getCurrentThreadAllocatedBytes() - before) / said.length;
        assertEquals(16_384, records.takePlain().size());
        assertTrue(perByte < 1_024, perByte + " bytes of memory for each that came");
    }

    @Test
    void nothingIsKeptAfterTheFarewell() throws IOException {
        issue(KeyKind.ECDSA_P256);
        Client client = new Client(member.clientEngine(Role.KMS));
        TlsRecords records = new TlsRecords(server.serverEngine(Role.MEMBER));
        shakeHands(client, records, whole -> whole);
        records.close();
        receive(records, client.says(new byte[100]), whole -> 7);
        assertTrue(records.isInboundDone());
        assertTrue(!records.hasPlain());
        assertTrue(records.hasRecords(), "the farewell");
        client.hears(records.takeRecords().toArray());
        assertTrue(client.engine.isInboundDone());
    }
}
