package org.pairspan.kms.audit.chain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.pairspan.runtime.certificate.KeyKind;

/** Whoever owns the file, but not the server's key, cannot change what a checkpoint covers without being seen. */
class TamperedLogProperties {

    private static Path folder;
    private static TestServer server;
    private static byte[] whole;
    private static List<String> lines;

    @BeforeContainer
    static void write() throws IOException {
        folder = Files.createTempDirectory("audit-chain");
        server = new TestServer(folder, KeyKind.ECDSA_P256);
        try (ChainedAuditLog log = server.open()) {
            TestServer.write(log, 1, 20);
        }
        whole = Files.readAllBytes(server.file());
        lines = Files.readAllLines(server.file());
    }

    @AfterContainer
    static void delete() throws IOException {
        for (Path file : List.of(server.file(), server.file().getParent(), folder.resolve("ca.crt"), folder.resolve("ca.key"),
                folder.resolve("kms-1.crt"), folder.resolve("kms-1.key"), folder)) {
            Files.delete(file);
        }
    }

    @Property(tries = 300)
    void aChangedByteIsFoundInItsLineOrWhereItsLineEnds(@ForAll @IntRange(max = 1 << 20) int where, @ForAll @IntRange(min = 1, max = 255) int change)
            throws IOException {
        byte[] changed = whole.clone();
        int at = where % whole.length;
        changed[at] ^= (byte) change;
        LogReport report = verify(changed);
        long line = new String(whole, 0, at, StandardCharsets.ISO_8859_1).chars().filter(c -> c == '\n').count() + 1;
        assertEquals(line, report.fault().orElseThrow().line(), report.toString());
    }

    @Property(tries = 60)
    void aRemovedDoubledOrMovedRecordIsFound(@ForAll @IntRange(max = 21) int which, @ForAll @IntRange(max = 2) int how) throws IOException {
        List<String> changed = new ArrayList<>(lines);
        switch (how) {
            case 0 -> changed.remove(which);
            case 1 -> changed.add(which, lines.get(which));
            default -> Collections.swap(changed, which, which + 1);
        }
        assertTrue(verify(bytes(changed)).fault().isPresent());
    }

    @Example
    void aChainThatWasHashedAnewFailsAtTheNextCheckpoint() throws IOException {
        List<String> forged = new ArrayList<>();
        String previous = ChainHash.NONE;
        for (String line : lines) {
            String body = line.substring(0, line.lastIndexOf(",\"hash\""))
                    .replaceFirst("\"previous\":\"[0-9a-f]+\"", "\"previous\":\"" + previous + "\"")
                    .replace("\"generation\":7", "\"generation\":8");
            previous = ChainHash.SHA_256.hex(body.getBytes(StandardCharsets.UTF_8), body.getBytes(StandardCharsets.UTF_8).length);
            forged.add(body + ",\"hash\":\"" + previous + "\"}");
        }
        LogReport report = verify(bytes(forged));
        assertEquals(lines.size(), report.fault().orElseThrow().line());
        assertTrue(report.fault().orElseThrow().why().contains("signature"), report.toString());
    }

    @Example
    void theCertificateMustBeTheServersAndOfTheAuthority() throws IOException {
        assertTrue(new LogVerifier(List.of()).verify(List.of(server.file())).fault().isEmpty());
        Path other = Files.createTempDirectory("other-authority");
        TestServer stranger = new TestServer(other, KeyKind.ECDSA_P256);
        LogReport report = new LogVerifier(List.of(stranger.authority())).verify(List.of(server.file()));
        assertEquals(1, report.fault().orElseThrow().line());
        for (String file : new String[] {"ca.crt", "ca.key", "kms-1.crt", "kms-1.key"}) {
            Files.delete(other.resolve(file));
        }
        Files.delete(other);
    }

    @Property(tries = 300)
    void noBytesUpsetTheReader(@ForAll @Size(max = 400) byte[] noise, @ForAll @IntRange(max = 1 << 20) int where) throws IOException {
        byte[] mixed = Arrays.copyOf(whole, whole.length);
        int at = where % whole.length;
        System.arraycopy(noise, 0, mixed, at, Math.min(noise.length, whole.length - at));
        verify(mixed);
        verify(noise);
    }

    @Example
    void aLineWithoutEndIsNotReadToItsEnd() throws IOException {
        byte[] endless = new byte[1 << 20];
        Arrays.fill(endless, (byte) '[');
        assertTrue(verify(endless).fault().orElseThrow().why().contains("longer"));
    }

    private static LogReport verify(byte[] log) throws IOException {
        Path file = Files.write(folder.resolve("changed.jsonl"), log);
        try {
            return new LogVerifier(List.of(server.authority())).verify(List.of(file));
        } finally {
            Files.delete(file);
        }
    }

    private static byte[] bytes(List<String> changed) {
        return (String.join("\n", changed) + '\n').getBytes(StandardCharsets.UTF_8);
    }
}
