package org.pairspan.protocol.handshake;

import java.io.IOException;
import org.bouncycastle.tls.BasicTlsPSKExternal;
import org.bouncycastle.tls.TlsClientProtocol;
import org.bouncycastle.tls.TlsContext;
import org.bouncycastle.tls.TlsProtocol;
import org.bouncycastle.tls.TlsServerProtocol;
import org.bouncycastle.tls.crypto.TlsCrypto;
import org.bouncycastle.tls.crypto.TlsSecret;
import org.pairspan.protocol.association.PreSharedKey;

/** One end of one TLS handshake: bytes in, bytes out, and in the end the keys of an epoch. */
final class TlsExchange {
    private final HandshakeParameters parameters;
    private final int epoch;
    private final TlsSecret key;
    private final TlsProtocol tls;
    private EpochKeys keys;

    /**
     * Begins. A client has its first bytes to say at once.
     *
     * @param key stays the caller's.
     * @throws IOException when TLS cannot begin.
     */
    TlsExchange(TlsCrypto crypto, HandshakeParameters parameters, int epoch, PreSharedKey key) throws IOException {
        this.parameters = parameters;
        this.epoch = epoch;
        this.key = crypto.createSecret(key.key());
        BasicTlsPSKExternal psk = new BasicTlsPSKExternal(parameters.pskIdentity(), this.key,
            TlsProfile.of(parameters.suite()).prfAlgorithm());
        if (parameters.isClient()) {
            TlsClientProtocol client = new TlsClientProtocol();
            tls = client;
            client.connect(new PskClient(crypto, parameters, psk, this::onComplete));
        } else {
            TlsServerProtocol server = new TlsServerProtocol();
            tls = server;
            server.accept(new PskServer(crypto, parameters, psk, this::onComplete));
        }
    }

    private void onComplete(TlsContext context) {
        keys = EpochKeys.export(context, parameters, epoch);
    }

    /**
     * Takes bytes of the other end.
     *
     * @throws IOException when TLS fails; what it then has to say, an alert, is still in {@link #output()}.
     */
    void input(byte[] bytes, int offset, int length) throws IOException {
        tls.offerInput(bytes, offset, length);
    }

    /** What is to be sent to the other end, and has not been given yet; empty when there is nothing. */
    byte[] output() {
        byte[] bytes = new byte[tls.getAvailableOutputBytes()];
        int length = tls.readOutput(bytes, 0, bytes.length);
        if (length != bytes.length) {
            throw new IllegalStateException("TLS said it had " + bytes.length + " bytes, but gave " + length);
        }
        return bytes;
    }

    boolean isComplete() {
        return keys != null;
    }

    /** The keys, which are the caller's from now on; null before the handshake is complete, and from the second call on. */
    EpochKeys takeKeys() {
        EpochKeys taken = keys;
        keys = null;
        return taken;
    }

    /** Wipes what was not taken, and what the library has derived on the way. */
    void destroy() {
        try {
            // It wipes the secrets of an interrupted handshake only so; what it would still say goes nowhere.
            tls.close();
        } catch (IOException | RuntimeException e) {
            // What it lacks to say goodbye does not matter: nobody would hear it.
        } finally {
            key.destroy();
        }
        if (keys != null) {
            keys.destroy();
            keys = null;
        }
    }
}
