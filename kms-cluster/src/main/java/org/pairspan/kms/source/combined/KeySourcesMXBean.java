package org.pairspan.kms.source.combined;

import java.util.List;
import java.util.Map;

/**
 * Where a key server has its keys from, as JMX shows it, {@code org.pairspan:type=KeySources,name=<server>}. Counts run from the
 * server's start. Never a key.
 */
public interface KeySourcesMXBean {

    /** For pairs whose policy names no source: {@code random}, {@code quantum}, {@code both-required} or {@code either}. */
    String getPolicy();

    /** The names a policy may use at this server. */
    List<String> getSources();

    /** Keys made, by what of. */
    Map<String, Long> getKeysMade();

    /** Times that no key could be had. */
    long getFailures();

    /** Of the quantum key source: {@code not configured}, {@code well}, or what is wrong with it now. */
    String getQuantumState();

    /** Quantum keys kept ready in memory. */
    int getQuantumKeysReady();

    /** Quantum keys taken from the KME. */
    long getQuantumKeysFetched();

    /** Questions to the KME. */
    long getQuantumQuestions();

    /** Questions that gave no keys, by reason. */
    Map<String, Long> getQuantumFailures();
}
