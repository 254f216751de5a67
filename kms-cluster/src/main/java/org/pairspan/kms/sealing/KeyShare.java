package org.pairspan.kms.sealing;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.crypto.digests.SHA256Digest;

/**
 * One share of a master key. In words an operator can print and type: 18 groups of 5 characters of {@code 0-9 A-Z} without I, L, O and U;
 * the fifth of each group checks the other four and their place. Case, blanks and dashes do not count; O is read as 0, I and L as 1.
 *
 * <pre>
 *  0        1        5           6       7        8                40               45
 * +--------+--------+-----------+-------+--------+----------------+----------------+
 * | 1      | set id | threshold | count | number | share (32)     | checksum (5)   |   checksum: SHA-256 over all before, cut
 * +--------+--------+-----------+-------+--------+----------------+----------------+
 * </pre>
 *
 * @param setId     the same in all shares of one master key
 * @param threshold so many shares give the key
 * @param count     so many there are
 * @param number    1 to {@code count}
 * @param value     32 bytes; not copied
 */
public record KeyShare(int setId, int threshold, int count, int number, byte[] value) {

    /** Most shares of one key. */
    public static final int MAX_COUNT = 16;

    private static final byte FORMAT = 1;
    private static final int CHECKSUM_LENGTH = 5;
    private static final int LENGTH = 1 + Integer.BYTES + 3 + MasterKey.LENGTH + CHECKSUM_LENGTH;
    private static final String ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final int BITS = 5;
    private static final int DATA_IN_GROUP = 4;
    private static final int GROUP = DATA_IN_GROUP + 1;
    private static final int GROUPS = LENGTH * Byte.SIZE / (BITS * DATA_IN_GROUP);
    private static final int CHECK_MODULUS = 31;

    /** @throws IllegalArgumentException where the numbers contradict each other or the value has another length. */
    public KeyShare {
        if (threshold < 2 || threshold > count || count > MAX_COUNT || number < 1 || number > count || value.length != MasterKey.LENGTH) {
            throw new IllegalArgumentException("no share: number " + number + " of " + count + ", threshold " + threshold);
        }
    }

    /**
     * Reads what {@link #text} wrote.
     *
     * @param typed ASCII; stays the caller's to wipe
     * @throws IllegalArgumentException where it is mistyped; the message tells the group
     */
    public static KeyShare parse(byte[] typed) {
        byte[] symbols = new byte[GROUPS * GROUP];
        byte[] bytes = new byte[LENGTH];
        try {
            readSymbols(typed, symbols);
            for (int group = 0; group < GROUPS; group++) {
                if (symbols[group * GROUP + DATA_IN_GROUP] != check(symbols, group)) {
                    throw new IllegalArgumentException("group " + (group + 1) + " of the share is mistyped");
                }
            }
            pack(symbols, bytes);
            return read(bytes);
        } finally {
            Arrays.fill(symbols, (byte) 0);
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private static KeyShare read(byte[] bytes) {
        byte[] checksum = checksum(bytes);
        if (!Arrays.equals(checksum, 0, CHECKSUM_LENGTH, bytes, LENGTH - CHECKSUM_LENGTH, LENGTH)) {
            throw new IllegalArgumentException("the share is mistyped: its checksum does not fit");
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (in.get() != FORMAT) {
            throw new IllegalArgumentException("the share has a format this version does not know");
        }
        return new KeyShare(in.getInt(), in.get(), in.get(), in.get(), Arrays.copyOfRange(bytes, in.position(), in.position() + MasterKey.LENGTH));
    }

    /** To print: three lines of six groups. The caller's to wipe. */
    public char[] text() {
        ByteBuffer out = ByteBuffer.allocate(LENGTH).put(FORMAT).putInt(setId).put((byte) threshold).put((byte) count).put((byte) number).put(value);
        byte[] bytes = out.array();
        System.arraycopy(checksum(bytes), 0, bytes, LENGTH - CHECKSUM_LENGTH, CHECKSUM_LENGTH);
        byte[] symbols = new byte[GROUPS * GROUP];
        unpack(bytes, symbols);
        char[] text = new char[GROUPS * (GROUP + 1) - 1];
        int at = 0;
        for (int group = 0; group < GROUPS; group++) {
            if (group > 0) {
                text[at++] = group % 6 == 0 ? '\n' : '-';
            }
            symbols[group * GROUP + DATA_IN_GROUP] = check(symbols, group);
            for (int i = 0; i < GROUP; i++) {
                text[at++] = ALPHABET.charAt(symbols[group * GROUP + i]);
            }
        }
        Arrays.fill(bytes, (byte) 0);
        Arrays.fill(symbols, (byte) 0);
        return text;
    }

    /** The set's id as people read it. */
    public String setName() {
        return setName(setId);
    }

    static String setName(int setId) {
        return HexFormat.of().toHexDigits(setId);
    }

    /** Overwrites the share. */
    public void wipe() {
        Arrays.fill(value, (byte) 0);
    }

    private static void readSymbols(byte[] typed, byte[] symbols) {
        int count = 0;
        for (byte character : typed) {
            char upper = Character.toUpperCase((char) (character & 0xff));
            if (upper == '-' || Character.isWhitespace(upper)) {
                continue;
            }
            int symbol = ALPHABET.indexOf(upper == 'O' ? '0' : upper == 'I' || upper == 'L' ? '1' : upper);
            if (symbol < 0) {
                throw new IllegalArgumentException("group " + (count / GROUP + 1) + " of the share has a character that shares do not use");
            }
            if (count == symbols.length) {
                throw new IllegalArgumentException("a share has " + GROUPS + " groups of " + GROUP + " characters; this is longer");
            }
            symbols[count++] = (byte) symbol;
        }
        if (count < symbols.length) {
            throw new IllegalArgumentException("a share has " + GROUPS + " groups of " + GROUP + " characters; this has " + count
                    + " characters instead of " + symbols.length);
        }
    }

    private static byte check(byte[] symbols, int group) {
        int sum = group + 1;
        for (int i = 0; i < DATA_IN_GROUP; i++) {
            sum += (i + 2) * symbols[group * GROUP + i];
        }
        return (byte) (sum % CHECK_MODULUS);
    }

    /** Five bits of each data character. */
    private static void pack(byte[] symbols, byte[] bytes) {
        for (int bit = 0; bit < LENGTH * Byte.SIZE; bit++) {
            int symbol = symbols[position(bit)];
            if ((symbol >> (BITS - 1 - bit % BITS) & 1) != 0) {
                bytes[bit / Byte.SIZE] |= (byte) (0x80 >> bit % Byte.SIZE);
            }
        }
    }

    private static void unpack(byte[] bytes, byte[] symbols) {
        for (int bit = 0; bit < LENGTH * Byte.SIZE; bit++) {
            if ((bytes[bit / Byte.SIZE] & 0x80 >> bit % Byte.SIZE) != 0) {
                symbols[position(bit)] |= (byte) (1 << BITS - 1 - bit % BITS);
            }
        }
    }

    private static int position(int bit) {
        int symbol = bit / BITS;
        return symbol / DATA_IN_GROUP * GROUP + symbol % DATA_IN_GROUP;
    }

    private static byte[] checksum(byte[] bytes) {
        SHA256Digest digest = new SHA256Digest();
        byte[] label = "pairspan share".getBytes(StandardCharsets.US_ASCII);
        digest.update(label, 0, label.length);
        digest.update(bytes, 0, LENGTH - CHECKSUM_LENGTH);
        byte[] checksum = new byte[digest.getDigestSize()];
        digest.doFinal(checksum, 0);
        return checksum;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KeyShare that && setId == that.setId && number == that.number && threshold == that.threshold
                && count == that.count && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
        return 31 * setId + number;
    }

    @Override
    public String toString() {
        return "share " + number + " of " + count + ", set " + setName();
    }
}
