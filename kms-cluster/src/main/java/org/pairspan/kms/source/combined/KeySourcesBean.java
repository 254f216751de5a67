package org.pairspan.kms.source.combined;

import java.util.List;
import java.util.Map;
import org.pairspan.kms.source.quantum.QuantumKeySource;

/** Shows the key sources of a server over JMX. */
public final class KeySourcesBean implements KeySourcesMXBean {

    private final KeySources sources;

    public KeySourcesBean(KeySources sources) {
        this.sources = sources;
    }

    @Override
    public String getPolicy() {
        return sources.usualName();
    }

    @Override
    public List<String> getSources() {
        return List.copyOf(sources.names());
    }

    @Override
    public Map<String, Long> getKeysMade() {
        return sources.counters().keys();
    }

    @Override
    public long getFailures() {
        return sources.counters().failures();
    }

    @Override
    public String getQuantumState() {
        return sources.quantum().map(QuantumKeySource::trouble).map(trouble -> trouble.isEmpty() ? "well" : trouble)
                .orElse("not configured");
    }

    @Override
    public int getQuantumKeysReady() {
        return sources.quantum().map(QuantumKeySource::ready).orElse(0);
    }

    @Override
    public long getQuantumKeysFetched() {
        return sources.quantum().map(source -> source.counters().keys.sum()).orElse(0L);
    }

    @Override
    public long getQuantumQuestions() {
        return sources.quantum().map(source -> source.counters().questions.sum()).orElse(0L);
    }

    @Override
    public Map<String, Long> getQuantumFailures() {
        return sources.quantum().map(source -> source.counters().failures()).orElse(Map.of());
    }
}
