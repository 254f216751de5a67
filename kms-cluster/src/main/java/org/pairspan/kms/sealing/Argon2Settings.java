package org.pairspan.kms.sealing;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * How a passphrase becomes a master key, by Argon2id (RFC 9106). Kept with the wrapped ring: memory in KiB (4 bytes), passes (2), lanes (1),
 * salt (16).
 *
 * @param memoryKib KiB
 */
public record Argon2Settings(int memoryKib, int passes, int lanes, byte[] salt) {

    /** Bytes of salt. */
    public static final int SALT_LENGTH = 16;

    /** As RFC 9106 section 4 recommends where memory is scarce: 64 MiB, 3 passes; one lane. */
    private static final int MEMORY_KIB = 64 * 1024;
    private static final int PASSES = 3;
    private static final int LANES = 1;
    /** More than this in a journal is an attack on this server's memory, not a setting of ours. */
    private static final int MAX_MEMORY_KIB = 1024 * 1024;
    private static final int MAX_PASSES = 100;
    private static final int MAX_LANES = 16;
    private static final int ENCODED_LENGTH = Integer.BYTES + Short.BYTES + 1 + SALT_LENGTH;

    /** @throws SealingException outside 8 KiB for each lane to 1 GiB, 1 to 100 passes, 1 to 16 lanes. */
    public Argon2Settings {
        if (memoryKib < 8 * lanes || memoryKib > MAX_MEMORY_KIB || passes < 1 || passes > MAX_PASSES || lanes < 1 || lanes > MAX_LANES
                || salt.length != SALT_LENGTH) {
            throw new SealingException("the journal asks for an Argon2id of " + memoryKib + " KiB, " + passes + " passes, " + lanes
                    + " lanes, " + salt.length + " bytes of salt, which is none of ours");
        }
    }

    /** Today's settings with a new salt. */
    public static Argon2Settings create(SecureRandom random) {
        byte[] salt = new byte[SALT_LENGTH];
        random.nextBytes(salt);
        return withSalt(salt);
    }

    /** The settings of journals that keep nothing but the salt. */
    public static Argon2Settings withSalt(byte[] salt) {
        return new Argon2Settings(MEMORY_KIB, PASSES, LANES, salt);
    }

    /** @throws SealingException where these bytes are no such settings */
    public static Argon2Settings parse(byte[] bytes) {
        if (bytes.length != ENCODED_LENGTH) {
            throw new SealingException("settings of Argon2id have " + ENCODED_LENGTH + " bytes, not " + bytes.length);
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        return new Argon2Settings(in.getInt(), in.getShort(), in.get(), Arrays.copyOfRange(bytes, in.position(), bytes.length));
    }

    /** As {@link #parse} reads them. */
    public byte[] bytes() {
        return ByteBuffer.allocate(ENCODED_LENGTH).putInt(memoryKib).putShort((short) passes).put((byte) lanes).put(salt).array();
    }

    /** @return 32 bytes, the caller's to wipe */
    public byte[] derive(byte[] passphrase) {
        Argon2BytesGenerator argon2 = new Argon2BytesGenerator();
        argon2.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id).withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(memoryKib).withIterations(passes).withParallelism(lanes).withSalt(salt).build());
        byte[] key = new byte[MasterKey.LENGTH];
        argon2.generateBytes(passphrase, key);
        return key;
    }
}
