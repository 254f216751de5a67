package org.pairspan.kms.unsealing;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.function.Supplier;
import org.pairspan.kms.audit.Administration;
import org.pairspan.kms.audit.AuditLog;
import org.pairspan.kms.audit.AuditRecord.Event;
import org.pairspan.kms.config.SealingSettings;
import org.pairspan.kms.sealing.KeyShare;
import org.pairspan.kms.sealing.LocalMasterKey;
import org.pairspan.kms.sealing.MasterKeyProvider;
import org.pairspan.kms.sealing.ProviderKind;
import org.pairspan.kms.sealing.RingVault;
import org.pairspan.kms.sealing.SealingException;
import org.pairspan.kms.sealing.SealingRing;
import org.pairspan.kms.sealing.ShareSet;
import org.pairspan.kms.sealing.Wrapping;
import org.pairspan.runtime.config.ConfigurationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does what operators ask of a server's sealing, one thing at a time. */
final class Sealing implements SealingMXBean {

    private static final Logger LOG = LoggerFactory.getLogger(Sealing.class);
    private static final String REFUSED = "what was given does not unseal this key server";

    private final SealingControl control;
    private final RingOpener opener;
    private final RingVault vault;
    private final SealingRing ring;
    private final SealingSettings settings;
    private final Administration administration;
    private final MasterKeyChange change;
    private final AttemptLimit limit;
    private final ShareCollection shares;

    Sealing(SealingControl control, RingOpener opener, RingVault vault, SealingRing ring, SealingSettings settings, AuditLog audit,
            InstantSource clock, SecureRandom random) {
        this.control = control;
        this.opener = opener;
        this.vault = vault;
        this.ring = ring;
        this.settings = settings;
        administration = new Administration(audit, clock);
        limit = new AttemptLimit(clock);
        shares = new ShareCollection(clock);
        change = new MasterKeyChange(opener, vault, ring, settings, administration, limit, clock, random);
    }

    @Override
    public String getState() {
        return ring.isOpen() ? "unsealed" : "sealed";
    }

    @Override
    public String getProvider() {
        return kind().configName();
    }

    @Override
    public String getNeeds() {
        if (ring.isOpen()) {
            return "nothing";
        }
        return switch (kind()) {
            case FILE, PKCS11 -> "nothing";
            case PASSPHRASE -> isTyped() ? opener.isNew() ? "new passphrase" : "passphrase" : "nothing";
            case SHARES -> "share";
        };
    }

    @Override
    public String getNeedsForRotation() {
        return change.needs();
    }

    @Override
    public synchronized String getSharesGiven() {
        return shares.size() == 0 ? "" : progress();
    }

    @Override
    public synchronized long getFailedAttempts() {
        return limit.failures();
    }

    @Override
    public int getRingKeys() {
        return ring.size();
    }

    @Override
    public int getActiveRingKeyNumber() {
        return ring.isOpen() ? ring.active() : 0;
    }

    @Override
    public String getWrapping() {
        return vault.wrapping().map(Wrapping::toString).orElse("");
    }

    @Override
    public synchronized String unseal(String operator, byte[] secret) {
        try {
            if (ring.isOpen()) {
                throw new IllegalStateException("this key server is not sealed");
            }
            limit.requirePauseIsOver();
            return switch (getNeeds()) {
                case "share" -> give(operator, secret);
                case "nothing" -> open(operator, opener::configuredProvider, "by " + kind().configName());
                default -> {
                    PassphraseRule.require(secret);
                    yield open(operator, () -> opener.fromPassphrase(secret), "by passphrase");
                }
            };
        } catch (ConfigurationException e) {
            throw new IllegalStateException(e.getMessage());
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }

    private String give(String operator, byte[] typed) {
        KeyShare share = KeyShare.parse(typed);
        boolean kept = false;
        try {
            requireOwnSet(operator, share);
            shares.requireFits(share);
            administration.record(Event.UNSEALED, operator, null, share + " given; not unsealed yet");
            shares.add(share);
            kept = true;
        } finally {
            if (!kept) {
                share.wipe();
            }
        }
        if (!shares.isComplete()) {
            return progress() + " shares were given; this key server is still sealed";
        }
        ShareSet set = shares.set();
        MasterKeyProvider provider = new LocalMasterKey(ProviderKind.SHARES, set.bytes(), shares.combine(), settings.algorithm(), new SecureRandom());
        return open(operator, () -> provider, "by shares of set " + set.name());
    }

    private void requireOwnSet(String operator, KeyShare share) {
        vault.wrapping().map(wrapping -> ShareSet.parse(wrapping.parameters())).filter(set -> !set.equals(ShareSet.of(share))).ifPresent(set -> {
            refuse(operator);
            throw new IllegalArgumentException("this share is of set " + share.setName() + ", and this key server is unsealed by set " + set.name());
        });
    }

    private String open(String operator, Supplier<MasterKeyProvider> provider, String how) {
        SealingRing opened = new SealingRing();
        try {
            opener.open(provider, opened);
        } catch (SealingException e) {
            LOG.debug("not unsealed", e);
            refuse(operator);
            throw new IllegalArgumentException(REFUSED);
        }
        try {
            administration.record(Event.UNSEALED, operator, null, how);
            ring.take(opened);
        } finally {
            opened.wipe();
        }
        limit.succeeded();
        control.opened();
        return "this key server is unsealed, and begins to serve";
    }

    private void refuse(String operator) {
        limit.failed();
        shares.wipe();
        administration.record(Event.UNSEALED, operator, null, "refused: wrong passphrase, share or master key");
    }

    @Override
    public synchronized String seal(String operator) {
        if (!ring.isOpen()) {
            throw new IllegalStateException("this key server is sealed already");
        }
        String unrecorded = "";
        try {
            administration.record(Event.SEALED, operator, null, "all keys are wiped from memory");
        } catch (IllegalStateException e) {
            // An emergency does not wait for the audit log: nothing can be handed out any more.
            LOG.error("sealed by {} although the audit log took no record of it", operator, e);
            unrecorded = ". The audit log did not take a record of it";
        }
        ring.wipe();
        shares.wipe();
        control.sealed();
        return "this key server is sealed" + unrecorded;
    }

    @Override
    public synchronized String rotateRing(String operator) {
        return change.addRingKey(operator);
    }

    @Override
    public synchronized String rotateToFile(String operator, byte[] current, String file) {
        return change.toFile(operator, current, Path.of(file));
    }

    @Override
    public synchronized String rotateToPassphrase(String operator, byte[] current, byte[] passphrase) {
        return change.toPassphrase(operator, current, passphrase);
    }

    @Override
    public synchronized String rotateToShares(String operator, byte[] current, byte[] typed) {
        return change.toShares(operator, current, typed);
    }

    @Override
    public synchronized String rotateToToken(String operator, byte[] current, String library, String slot, String keyLabel, String pinFile) {
        return change.toToken(operator, current, Path.of(library), slot, keyLabel, Path.of(pinFile));
    }

    /** As the journal's ring is wrapped now; the settings tell for a new journal. */
    private ProviderKind kind() {
        return vault.wrapping().map(Wrapping::kind).orElse(settings.provider());
    }

    private boolean isTyped() {
        return settings.provider() != ProviderKind.PASSPHRASE || settings.passphraseFile() == null;
    }

    private String progress() {
        return shares.size() + " of " + shares.set().threshold();
    }
}
