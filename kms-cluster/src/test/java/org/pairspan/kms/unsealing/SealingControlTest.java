package org.pairspan.kms.unsealing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.management.JMX;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pairspan.kms.InTurn;
import org.pairspan.kms.audit.AuditRecord;
import org.pairspan.kms.config.JournalAccess;
import org.pairspan.kms.config.SealingSettings;
import org.pairspan.kms.journal.Journal;
import org.pairspan.kms.sealing.KeyShare;
import org.pairspan.kms.sealing.MasterKey;
import org.pairspan.kms.sealing.ProviderKind;
import org.pairspan.kms.sealing.SealedKey;
import org.pairspan.kms.sealing.SealingAlgorithm;
import org.pairspan.kms.sealing.SealingException;
import org.pairspan.kms.sealing.ShareSet;
import org.pairspan.kms.sealing.SoftHsm;
import org.pairspan.kms.sealing.TokenMasterKey;
import org.pairspan.kms.sealing.TokenSettings;
import org.pairspan.runtime.config.ConfigurationException;

/** Sealing over JMX, with the embedded journal. */
@InTurn
class SealingControlTest {

    private static final byte[] KEY = "0123456789abcdef0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);
    private static final String PLACE = "pair-key|a~b";
    private static final String SERVER = "kms-under-test";
    private static final String ALICE = "alice";
    private static final String PASSPHRASE = "correct horse battery staple";

    @TempDir
    Path folder;
    private final List<AuditRecord> audit = new ArrayList<>();
    private final List<KeyShare> shares = newShares();
    private Instant now = Instant.parse("2026-03-01T12:00:00Z");
    private boolean auditFails;
    private Journal journal;
    private SealingControl control;
    private SealingMXBean sealing;

    @AfterEach
    void close() {
        if (control != null) {
            control.close();
        }
    }

    @Test
    void aServerOfSharesIsSealedUntilEnoughOfThemCame() throws Exception {
        start(settings(ProviderKind.SHARES, null, null, null));
        assertEquals("sealed", sealing.getState());
        assertEquals("share", sealing.getNeeds());
        assertThrows(SealingException.class, () -> control.sealer().seal(PLACE, 1, KEY));
        assertTrue(give(0).contains("1 of 2"));
        assertEquals("1 of 2", sealing.getSharesGiven());
        assertFalse(control.isOpen());
        assertTrue(message(() -> give(0)).contains("given already"));
        assertTrue(give(2).contains("unsealed"));
        assertEquals("unsealed", sealing.getState());
        SealedKey sealed = control.sealer().seal(PLACE, 1, KEY);
        start(settings(ProviderKind.SHARES, null, null, null));
        give(1);
        give(0);
        assertArrayEquals(KEY, control.sealer().open(PLACE, 1, sealed));
        assertTrue(audit.stream().anyMatch(record -> record.actor().toString().equals("operator alice")
                && record.result().startsWith("share 2 of 3")));
        assertTrue(audit.getLast().result().startsWith("by shares of set"));
    }

    @Test
    void wrongSharesAreRefusedTogetherCountedAndSlowedDown() throws Exception {
        start(settings(ProviderKind.SHARES, null, null, null));
        give(0);
        give(1);
        start(settings(ProviderKind.SHARES, null, null, null));
        KeyShare right = shares.getFirst();
        byte[] other = right.value().clone();
        other[0] ^= 1;
        KeyShare forged = new KeyShare(right.setId(), right.threshold(), right.count(), 3, other);
        give(0);
        String refused = message(() -> give(forged));
        assertEquals("what was given does not unseal this key server", refused);
        assertEquals("", sealing.getSharesGiven(), "all begin again, nobody is told which was wrong");
        assertEquals(1, sealing.getFailedAttempts());
        assertTrue(message(() -> give(0)).contains("try again in 1 s"));
        now = now.plusSeconds(1);
        assertTrue(message(() -> give(newShares().getFirst())).contains("is unsealed by set " + right.setName()));
        assertEquals(2, sealing.getFailedAttempts());
        assertTrue(message(() -> give(0)).contains("try again in 2 s"));
        now = now.plusSeconds(2);
        assertTrue(message(() -> sealing.unseal(ALICE, "0000".getBytes(StandardCharsets.US_ASCII))).contains("18 groups"));
        give(0);
        now = now.plus(ShareCollection.PATIENCE).plus(Duration.ofSeconds(1));
        assertEquals("", sealing.getSharesGiven(), "the other one did not come in time");
        give(0);
        give(1);
        assertTrue(control.isOpen());
        assertEquals(2, audit.stream().filter(record -> record.result().startsWith("refused")).count());
    }

    @Test
    void aPassphraseIsTypedWhereThereIsNoFileOfIt() throws Exception {
        SealingSettings typed = settings(ProviderKind.PASSPHRASE, null, null, null);
        start(typed);
        assertEquals("new passphrase", sealing.getNeeds());
        assertTrue(message(() -> unseal("too short")).contains("at least 16"));
        unseal(PASSPHRASE);
        SealedKey sealed = control.sealer().seal(PLACE, 1, KEY);
        start(typed);
        assertEquals("passphrase", sealing.getNeeds());
        assertEquals("what was given does not unseal this key server", message(() -> unseal("another passphrase!")));
        now = now.plusSeconds(1);
        unseal(PASSPHRASE);
        start(settings(ProviderKind.PASSPHRASE, null, secret("passphrase", PASSPHRASE), null));
        assertArrayEquals(KEY, control.sealer().open(PLACE, 1, sealed), "the file does without an operator");
    }

    @Test
    void sealingWipesTheRingAtOnceEvenWhereTheAuditLogIsFull() throws Exception {
        start(settings(ProviderKind.FILE, masterKey("a"), null, null));
        SealedKey sealed = control.sealer().seal(PLACE, 1, KEY);
        CountDownLatch stopped = new CountDownLatch(1);
        control.whenSealed(stopped::countDown);
        auditFails = true;
        assertTrue(sealing.seal(ALICE).contains("did not take a record"));
        assertTrue(stopped.await(5, TimeUnit.SECONDS));
        assertThrows(SealingException.class, () -> control.sealer().open(PLACE, 1, sealed));
        assertEquals(0, sealing.getRingKeys());
        assertTrue(message(() -> sealing.unseal(ALICE, new byte[0])).contains("audit log"));
        assertFalse(control.isOpen(), "no record, no unsealing");
        auditFails = false;
        sealing.unseal(ALICE, new byte[0]);
        assertArrayEquals(KEY, control.sealer().open(PLACE, 1, sealed));
    }

    @Test
    void theMasterKeyGoesFromFileToPassphraseToSharesToATokenAndBackWhileTheServerWorks() throws Exception {
        TokenSettings token = SoftHsm.token("rotation");
        TokenMasterKey.create(token);
        SealingSettings file = settings(ProviderKind.FILE, masterKey("a"), null, null);
        start(file);
        SealedKey sealed = control.sealer().seal(PLACE, 1, KEY);
        sealing.rotateToPassphrase(ALICE, new byte[0], PASSPHRASE.getBytes(StandardCharsets.UTF_8));
        assertArrayEquals(KEY, control.sealer().open(PLACE, 1, sealed));
        ConfigurationException refused = assertThrows(ConfigurationException.class, () -> start(file));
        assertTrue(refused.getMessage().contains("provider") && refused.rule().contains("must be passphrase"), refused::getMessage);

        start(settings(ProviderKind.PASSPHRASE, null, null, null));
        unseal(PASSPHRASE);
        assertTrue(message(() -> sealing.rotateToShares(ALICE, "not the passphrase".getBytes(StandardCharsets.UTF_8), typed(0, 1)))
                .contains("current passphrase"));
        now = now.plusSeconds(1);
        sealing.rotateToShares(ALICE, PASSPHRASE.getBytes(StandardCharsets.UTF_8), typed(0, 1));

        start(settings(ProviderKind.SHARES, null, null, null));
        give(2);
        give(1);
        assertEquals("shares", sealing.getNeedsForRotation());
        assertTrue(message(() -> sealing.rotateToToken(ALICE, typed(0), token.library().toString(), token.slot().toString(), token.keyLabel(),
                token.pinFile().toString())).contains("2 are needed"));
        sealing.rotateToToken(ALICE, typed(0, 2), token.library().toString(), token.slot().toString(), token.keyLabel(),
                token.pinFile().toString());

        start(settings(ProviderKind.PKCS11, null, null, token));
        assertArrayEquals(KEY, control.sealer().open(PLACE, 1, sealed));
        sealing.rotateToFile(ALICE, new byte[0], masterKey("b").toString());

        assertThrows(ConfigurationException.class, () -> start(file), "the first master key opens nothing any more");
        start(settings(ProviderKind.FILE, folder.resolve("b"), null, null));
        assertArrayEquals(KEY, control.sealer().open(PLACE, 1, sealed));
        assertTrue(sealing.getWrapping().startsWith("wrapping 5, by file"));
    }

    @Test
    void whatCannotBeTheNewMasterKeyChangesNothing() throws Exception {
        SealingSettings file = settings(ProviderKind.FILE, masterKey("a"), null, null);
        start(file);
        assertTrue(message(() -> sealing.rotateToFile(ALICE, new byte[0], folder.resolve("none").toString())).contains("make it"));
        assertTrue(message(() -> sealing.rotateToShares(ALICE, new byte[0], typed(0))).contains("2 are needed"));
        assertTrue(message(() -> sealing.rotateToPassphrase(ALICE, new byte[0], new byte[3])).contains("at least 16"));
        auditFails = true;
        assertTrue(message(() -> sealing.rotateToFile(ALICE, new byte[0], masterKey("b").toString())).contains("audit log"));
        assertTrue(message(() -> sealing.rotateRing(ALICE)).contains("audit log"));
        auditFails = false;
        assertTrue(sealing.getWrapping().startsWith("wrapping 1"));
        start(file);
        assertEquals(1, sealing.getRingKeys());
    }

    @Test
    void aRingKeyAddedAtOneServerIsFoundByAnother() throws Exception {
        SealingSettings file = settings(ProviderKind.FILE, masterKey("a"), null, null);
        start(file);
        try (SealingControl other = SealingControl.open("kms-other", file, journal, record -> CompletableFuture.completedFuture(null), () -> now, line -> { })) {
            sealing.rotateRing(ALICE);
            assertEquals(2, sealing.getActiveRingKeyNumber());
            SealedKey sealed = control.sealer().seal(PLACE, 2, KEY);
            assertThrows(SealingException.class, () -> other.sealer().open(PLACE, 2, sealed), "not before the journal has answered");
            other.sealer().ready(List.of(sealed)).toCompletableFuture().get(10, TimeUnit.SECONDS);
            assertArrayEquals(KEY, other.sealer().open(PLACE, 2, sealed));
        }
    }

    private interface Act {
        void run() throws Exception;
    }

    private static String message(Act act) {
        return assertThrows(RuntimeException.class, act::run).getMessage();
    }

    private void start(SealingSettings settings) throws Exception {
        close();
        control = null;
        journal = Journal.open(new JournalAccess(folder.resolve("journal.db"), null, null, null, false, 0, null));
        InstantSource clock = () -> now;
        control = SealingControl.open(SERVER, settings, journal, record -> {
            if (auditFails) {
                return CompletableFuture.failedFuture(new IOException("the disk is full"));
            }
            audit.add(record);
            return CompletableFuture.completedFuture(null);
        }, clock, line -> { });
        control.show();
        sealing = JMX.newMXBeanProxy(ManagementFactory.getPlatformMBeanServer(), new ObjectName("org.pairspan:type=Sealing,name=" + SERVER),
                SealingMXBean.class);
    }

    private String give(int index) {
        return give(shares.get(index));
    }

    private String give(KeyShare share) {
        return sealing.unseal(ALICE, new String(share.text()).getBytes(StandardCharsets.US_ASCII));
    }

    private void unseal(String passphrase) {
        sealing.unseal(ALICE, passphrase.getBytes(StandardCharsets.UTF_8));
    }

    private byte[] typed(int... indices) {
        return Arrays.stream(indices).mapToObj(index -> new String(shares.get(index).text())).collect(Collectors.joining(";"))
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static List<KeyShare> newShares() {
        byte[] masterKey = new byte[MasterKey.LENGTH];
        new SecureRandom().nextBytes(masterKey);
        return ShareSet.split(masterKey, 2, 3, new SecureRandom());
    }

    private Path masterKey(String name) throws IOException {
        Path file = folder.resolve(name);
        if (!Files.exists(file)) {
            MasterKey.create(file);
        }
        return file;
    }

    private Path secret(String name, String text) throws IOException {
        Path file = Files.writeString(folder.resolve(name), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private static SealingSettings settings(ProviderKind kind, Path masterKeyFile, Path passphraseFile, TokenSettings token) {
        return new SealingSettings(kind, masterKeyFile, passphraseFile, token, SealingAlgorithm.AES_256_GCM);
    }
}
