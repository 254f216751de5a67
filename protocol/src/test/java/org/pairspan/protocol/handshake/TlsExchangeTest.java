package org.pairspan.protocol.handshake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.tls.SecurityParameters;
import org.bouncycastle.tls.TlsContext;
import org.bouncycastle.tls.TlsProtocol;
import org.bouncycastle.tls.crypto.TlsSecret;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.junit.jupiter.api.Test;
import org.pairspan.protocol.association.PreSharedKey;
import org.pairspan.protocol.crypto.Suite;

class TlsExchangeTest {
    @Test
    void whatAnInterruptedExchangeKnewIsWiped() throws Exception {
        TlsExchange client = exchange(1, 7);
        TlsExchange server = exchange(7, 1);
        byte[] hello = client.output();
        server.input(hello, 0, hello.length);
        List<TlsSecret> secrets = secrets(server);
        assertFalse(secrets.isEmpty(), "the server has no secrets yet");
        server.destroy();
        assertEquals(0, secrets.stream().filter(TlsSecret::isAlive).count(), "of " + secrets.size() + " secrets");
        client.destroy();
    }

    @Test
    void anExchangeIsDestroyedAtEachOfItsStepsAndAgain() throws Exception {
        for (int steps = 0; steps <= 3; steps++) {
            TlsExchange client = exchange(1, 7);
            TlsExchange server = exchange(7, 1);
            for (int step = 0; step < steps; step++) {
                byte[] said = (step % 2 == 0 ? client : server).output();
                (step % 2 == 0 ? server : client).input(said, 0, said.length);
            }
            for (int time = 0; time < 2; time++) {
                client.destroy();
                server.destroy();
            }
        }
    }

    private static TlsExchange exchange(int own, int peer) throws Exception {
        HandshakeParameters parameters = HandshakeParameters.of("site-" + own, own, "site-" + peer, peer, 3, 9, Suite.AES_256_GCM,
            KeyExchange.X25519);
        return new TlsExchange(new BcTlsCrypto(), parameters, 1, new PreSharedKey(new byte[PreSharedKey.LENGTH]));
    }

    /** Those that the library holds, but for the ones that would protect what is said under TLS: nothing ever is. */
    private static List<TlsSecret> secrets(TlsExchange exchange) throws ReflectiveOperationException {
        Field field = TlsExchange.class.getDeclaredField("tls");
        field.setAccessible(true);
        Method context = TlsProtocol.class.getDeclaredMethod("getContext");
        context.setAccessible(true);
        SecurityParameters parameters = ((TlsContext) context.invoke(field.get(exchange))).getSecurityParameters();
        List<TlsSecret> secrets = new ArrayList<>();
        for (Field each : SecurityParameters.class.getDeclaredFields()) {
            each.setAccessible(true);
            if (!each.getName().startsWith("trafficSecret") && each.get(parameters) instanceof TlsSecret secret && secret.isAlive()) {
                secrets.add(secret);
            }
        }
        return secrets;
    }
}
