package org.pairspan.kms.source.quantum;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.pairspan.kms.config.KeySourceSettings.Quantum;

/** Makes quantum key sources. */
public final class QuantumKeySources {

    /** The one that is on its way when somebody comes, and the one for him. */
    private static final int QUESTIONS_WAITED_FOR = 2;

    private QuantumKeySources() {
    }

    /**
     * From an operator's settings; it has begun to fetch keys. A KME that does not answer is no error: it is asked again.
     *
     * @throws org.pairspan.runtime.config.ConfigurationException where a file is not what it should be
     */
    public static QuantumKeySource open(ClassicActorSystemProvider system, Quantum settings) {
        KmeClient client = new KmeClient(system, settings, KmeTls.of(settings));
        QuantumKeySource source = new QuantumKeySource(client,
                new QuantumKeySource.Limits(settings.batch(), settings.prefetch(),
                        settings.timeout().multipliedBy(QUESTIONS_WAITED_FOR), settings.maxBackoff()),
                pause -> CompletableFuture.delayedExecutor(pause.toMillis(), TimeUnit.MILLISECONDS));
        source.begin();
        return source;
    }
}
