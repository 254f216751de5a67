package org.pairspan.node.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.AfterEach;
import org.pairspan.protocol.association.SaLifetime;
import org.pairspan.protocol.crypto.Suite;

/** Two real data planes that reach each other on loopback. */
abstract class LoopbackPair {
    static final int HELD = 16;
    static final Suite SUITE = Suite.AES_256_GCM;
    final LoopbackSite a = site(1);
    final LoopbackSite b = site(2);

    static LoopbackSite site(int number) {
        return new LoopbackSite(number, LoopbackSite.freePort(), SaLifetime.DEFAULT, HELD);
    }

    @AfterEach
    void closeSites() {
        a.close();
        b.close();
        assertEquals(0, a.errors.size() + b.errors.size(), () -> "errors: " + a.errors + b.errors);
    }

    void join(long generation, Suite suite) {
        b.install(a, generation, suite);
        a.install(b, generation, suite);
    }
}
