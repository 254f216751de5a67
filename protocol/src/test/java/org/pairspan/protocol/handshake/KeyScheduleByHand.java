package org.pairspan.protocol.handshake;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA384Digest;
import org.bouncycastle.crypto.digests.SM3Digest;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.params.KeyParameter;
import org.pairspan.protocol.crypto.AeadCipher;
import org.pairspan.protocol.crypto.Suite;

/** The key schedule of RFC 8446 section 7.1 written down a second time, over a transcript and the secret of its ephemeral exchange. */
final class KeyScheduleByHand {
    private static final byte[] NOTHING = {};

    private final Suite suite;
    final byte[] clientHello;
    final byte[] serverHello;
    final byte[] encryptedExtensions;
    final byte[] serverFinished;
    final byte[] clientFinished;
    final byte[] binder;
    final byte[] clientHandshakeSecret;
    final byte[] serverHandshakeSecret;
    private final byte[] exporterMasterSecret;

    KeyScheduleByHand(Transcript transcript, byte[] sharedSecret) {
        suite = transcript.suite;
        byte[] said = transcript.flights.get(0).bytes();
        clientHello = records(said).getFirst();
        List<byte[]> server = records(transcript.flights.get(1).bytes());
        serverHello = server.getFirst();
        byte[] zeros = new byte[digest().getDigestSize()];
        byte[] early = hmac(zeros, transcript.preSharedKey().key());
        byte[] binderKey = deriveSecret(early, "ext binder", NOTHING);
        // Without the list of binders: two bytes of length, one of the binder's, the binder.
        byte[] truncated = Arrays.copyOf(clientHello, clientHello.length - 3 - zeros.length);
        binder = hmac(finishedKey(binderKey), hash(truncated));
        byte[] handshake = hmac(deriveSecret(early, "derived", NOTHING), sharedSecret);
        clientHandshakeSecret = deriveSecret(handshake, "c hs traffic", join(clientHello, serverHello));
        serverHandshakeSecret = deriveSecret(handshake, "s hs traffic", join(clientHello, serverHello));
        encryptedExtensions = open(serverHandshakeSecret, 0, server.get(1));
        serverFinished = open(serverHandshakeSecret, 1, server.get(2));
        clientFinished = open(clientHandshakeSecret, 0, records(transcript.flights.get(2).bytes()).getFirst());
        byte[] master = hmac(deriveSecret(handshake, "derived", NOTHING), zeros);
        exporterMasterSecret = deriveSecret(master, "exp master", join(clientHello, serverHello, encryptedExtensions, serverFinished));
    }

    /** What a server's or a client's Finished message must hold after these messages. */
    byte[] verifyData(byte[] trafficSecret, byte[]... messages) {
        return hmac(finishedKey(trafficSecret), hash(join(messages)));
    }

    byte[] export(String label, byte[] context, int length) {
        return expandLabel(deriveSecret(exporterMasterSecret, label, NOTHING), "exporter", hash(context), length);
    }

    /** Records of a flight, without the headers; change_cipher_spec (20) left out, encrypted ones (23) with the header before them. */
    private List<byte[]> records(byte[] flight) {
        List<byte[]> records = new ArrayList<>();
        ByteBuffer rest = ByteBuffer.wrap(flight);
        while (rest.hasRemaining()) {
            int start = rest.position();
            int type = rest.get();
            rest.getShort();
            int length = rest.getShort();
            rest.position(rest.position() + length);
            if (type != 20) {
                records.add(Arrays.copyOfRange(flight, type == 23 ? start : start + 5, rest.position()));
            }
        }
        return records;
    }

    private byte[] open(byte[] trafficSecret, int sequence, byte[] record) {
        byte[] nonce = expandLabel(trafficSecret, "iv", NOTHING, AeadCipher.NONCE_LENGTH);
        nonce[nonce.length - 1] ^= (byte) sequence;
        int sealed = record.length - 5;
        AeadCipher cipher = suite.newCipher(expandLabel(trafficSecret, "key", NOTHING, suite.keyLength()));
        MutableDirectBuffer plain = cipher.plaintextBuffer(sealed);
        if (!cipher.open(nonce, Arrays.copyOf(record, 5), new UnsafeBuffer(record), 5, sealed, plain, 0)) {
            throw new AssertionError("record " + sequence + " does not open");
        }
        byte[] message = new byte[sealed - AeadCipher.TAG_LENGTH - 1];
        plain.getBytes(0, message);
        if (plain.getByte(message.length) != 22) {
            throw new AssertionError("no handshake record");
        }
        return message;
    }

    private byte[] finishedKey(byte[] baseKey) {
        return expandLabel(baseKey, "finished", NOTHING, digest().getDigestSize());
    }

    private byte[] deriveSecret(byte[] secret, String label, byte[] messages) {
        return expandLabel(secret, label, hash(messages), digest().getDigestSize());
    }

    private byte[] expandLabel(byte[] secret, String label, byte[] context, int length) {
        byte[] name = ("tls13 " + label).getBytes(StandardCharsets.US_ASCII);
        byte[] info = ByteBuffer.allocate(4 + name.length + context.length).putShort((short) length).put((byte) name.length).put(name)
            .put((byte) context.length).put(context).array();
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        byte[] block = NOTHING;
        for (int i = 1; output.size() < length; i++) {
            block = hmac(secret, join(block, info, new byte[] {(byte) i}));
            output.writeBytes(block);
        }
        return Arrays.copyOf(output.toByteArray(), length);
    }

    private Digest digest() {
        return switch (suite) {
            case AES_256_GCM -> new SHA384Digest();
            case CHACHA20_POLY1305 -> new SHA256Digest();
            case SM4_GCM -> new SM3Digest();
        };
    }

    private byte[] hash(byte[] bytes) {
        Digest digest = digest();
        digest.update(bytes, 0, bytes.length);
        byte[] hash = new byte[digest.getDigestSize()];
        digest.doFinal(hash, 0);
        return hash;
    }

    private byte[] hmac(byte[] key, byte[] data) {
        HMac hmac = new HMac(digest());
        hmac.init(new KeyParameter(key));
        hmac.update(data, 0, data.length);
        byte[] mac = new byte[hmac.getMacSize()];
        hmac.doFinal(mac, 0);
        return mac;
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }
}
