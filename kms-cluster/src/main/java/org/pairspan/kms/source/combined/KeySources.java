package org.pairspan.kms.source.combined;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.pairspan.kms.config.KeySourcePolicy;
import org.pairspan.kms.config.KeySourceSettings;
import org.pairspan.kms.source.KeySource;
import org.pairspan.kms.source.KeySourceException;
import org.pairspan.kms.source.RandomKeySource;
import org.pairspan.kms.source.quantum.QuantumKeySource;
import org.pairspan.kms.source.quantum.QuantumKeySources;
import org.pairspan.runtime.certificate.KeyKind;

/** The key sources of a server, by the name of what they do ({@link KeySourcePolicy#word()}). Any thread. */
public final class KeySources implements AutoCloseable {

    private final KeySourcePolicy usual;
    private final Map<KeySourcePolicy, KeySource> sources = new EnumMap<>(KeySourcePolicy.class);
    private final OriginCounters counters = new OriginCounters();
    private final Optional<QuantumKeySource> quantum;

    private KeySources(KeySourcePolicy usual, Optional<QuantumKeySource> quantum, KeyKind family) {
        this.usual = usual;
        this.quantum = quantum;
        KeySource random = new RandomKeySource();
        sources.put(KeySourcePolicy.RANDOM, counters.counting(random));
        quantum.ifPresent(source -> {
            KeyCombination combination = new KeyCombination(family);
            sources.put(KeySourcePolicy.QUANTUM, counters.counting(source));
            sources.put(KeySourcePolicy.BOTH_REQUIRED, counters.counting(new CombinedKeySource(random, source, combination, true)));
            sources.put(KeySourcePolicy.EITHER, counters.counting(new CombinedKeySource(random, source, combination, false)));
        });
    }

    /**
     * Opens what the settings name.
     *
     * @param family of the service's certificates
     * @throws org.pairspan.runtime.config.ConfigurationException where a file they name is not what it should be
     */
    public static KeySources open(ClassicActorSystemProvider system, KeySourceSettings settings, KeyKind family) {
        return new KeySources(settings.policy(), settings.quantum().map(kme -> QuantumKeySources.open(system, kme)), family);
    }

    /** The source for pairs whose policy names none. */
    public KeySource usual() {
        return sources.get(usual);
    }

    /**
     * The source that a policy names; the usual one where it names none. A source that is not configured here fails each time it is asked:
     * no other takes its place.
     */
    public KeySource named(Optional<String> name) {
        return name.map(this::named).orElseGet(this::usual);
    }

    private KeySource named(String name) {
        KeySource source = KeySourcePolicy.ofWord(name).map(sources::get).orElse(null);
        return source != null ? source : () -> CompletableFuture.failedStage(new KeySourceException(
                "the policy wants keys from \"" + name + "\", and this server has " + names() + " only; see key-source in its settings"));
    }

    /** Names of the sources configured here. */
    public SortedSet<String> names() {
        SortedSet<String> names = new TreeSet<>();
        sources.keySet().forEach(policy -> names.add(policy.word()));
        return names;
    }

    /** Word of the policy for pairs whose own names none. */
    String usualName() {
        return usual.word();
    }

    Optional<QuantumKeySource> quantum() {
        return quantum;
    }

    OriginCounters counters() {
        return counters;
    }

    /** Wipes keys that are kept ready. */
    @Override
    public void close() {
        quantum.ifPresent(QuantumKeySource::close);
    }
}
