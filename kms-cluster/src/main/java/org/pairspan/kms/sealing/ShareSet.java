package org.pairspan.kms.sealing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.crypto.threshold.ShamirSecretSplitter;
import org.bouncycastle.crypto.threshold.ShamirSplitSecret;
import org.bouncycastle.crypto.threshold.ShamirSplitSecretShare;

/**
 * Shamir's secret sharing over GF(2^8), by Bouncy Castle: so many shares of one set give the master key, fewer tell nothing of it. What
 * stands with the wrapped ring: set id (4 bytes), threshold (1), count (1).
 */
public record ShareSet(int setId, int threshold, int count) {

    private static final int ENCODED_LENGTH = Integer.BYTES + 2;

    /**
     * Splits a master key.
     *
     * @param masterKey 32 bytes, the caller's to wipe
     * @param threshold 2 to {@code count}
     * @param count     up to {@link KeyShare#MAX_COUNT}
     */
    public static List<KeyShare> split(byte[] masterKey, int threshold, int count, SecureRandom random) {
        if (threshold < 2 || threshold > count || count > KeyShare.MAX_COUNT) {
            throw new IllegalArgumentException("there are 2 to " + KeyShare.MAX_COUNT + " shares, and 2 up to all of them give the key");
        }
        ShamirSplitSecretShare[] all = splitter(random).resplit(masterKey, threshold, count).getSecretShares();
        int setId = random.nextInt();
        List<KeyShare> shares = new ArrayList<>();
        for (int number = 1; number <= count; number++) {
            shares.add(new KeyShare(setId, threshold, count, number, encoded(all[number - 1])));
        }
        return shares;
    }

    /**
     * Puts a master key together again. What comes out of wrong shares is another key.
     *
     * @param shares of one set, as many as its threshold, each another one
     * @return 32 bytes, the caller's to wipe
     */
    public static byte[] combine(List<KeyShare> shares) {
        ShamirSplitSecretShare[] parts = shares.stream()
                .map(share -> new ShamirSplitSecretShare(share.value(), share.number())).toArray(ShamirSplitSecretShare[]::new);
        try {
            return new ShamirSplitSecret(ShamirSecretSplitter.Algorithm.AES, ShamirSecretSplitter.Mode.Native, parts).getSecret();
        } catch (IOException e) {
            throw new IllegalStateException("shares in memory cannot be read", e);
        }
    }

    /** The set a share is of. */
    public static ShareSet of(KeyShare share) {
        return new ShareSet(share.setId(), share.threshold(), share.count());
    }

    /** @throws SealingException where these bytes are none of {@link #bytes} */
    public static ShareSet parse(byte[] bytes) {
        if (bytes.length != ENCODED_LENGTH) {
            throw new SealingException("a set of shares is told in " + ENCODED_LENGTH + " bytes, not " + bytes.length);
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        return new ShareSet(in.getInt(), in.get(), in.get());
    }

    /** As {@link #parse} reads them. */
    public byte[] bytes() {
        return ByteBuffer.allocate(ENCODED_LENGTH).putInt(setId).put((byte) threshold).put((byte) count).array();
    }

    /** The set's id as people read it. */
    public String name() {
        return KeyShare.setName(setId);
    }

    private static ShamirSecretSplitter splitter(SecureRandom random) {
        return new ShamirSecretSplitter(ShamirSecretSplitter.Algorithm.AES, ShamirSecretSplitter.Mode.Native, MasterKey.LENGTH, random);
    }

    private static byte[] encoded(ShamirSplitSecretShare share) {
        try {
            return share.getEncoded().clone();
        } catch (IOException e) {
            throw new IllegalStateException("a share in memory cannot be read", e);
        }
    }
}
