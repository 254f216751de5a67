package org.pairspan.multijvm.harness;

import org.pairspan.protocol.keyservice.Association;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Every key that the key service has ever told anybody, as a digest, and what must hold of all of them together. On record stays, as a
 * contradiction:
 * <ul>
 * <li>a second key for one version of a pair, whichever of its members was told when: a key that was lost and made anew is one,</li>
 * <li>one generation under two key versions, or given to two incarnations of one member,</li>
 * <li>an answer with an older generation or version than somebody had been told before the question was asked: the answer of a server that
 * does not know that others have taken its place,</li>
 * <li>a key of a pair that may have none.</li>
 * </ul>
 * What was told is kept for a comparison with the audit records, {@link KeyRecords}.
 */
public final class AnswerBook {

    private final Map<String, String> keys = new ConcurrentHashMap<>();
    private final Map<String, Integer> versions = new ConcurrentHashMap<>();
    private final Map<String, Long> holders = new ConcurrentHashMap<>();
    private final Map<String, Newest> newest = new ConcurrentHashMap<>();
    private final Map<Told, Integer> told = new ConcurrentHashMap<>();
    private final Set<String> forbidden = ConcurrentHashMap.newKeySet();
    private final ConcurrentLinkedQueue<String> contradictions = new ConcurrentLinkedQueue<>();

    /** What somebody was told, as it must stand in an audit record. */
    public record Told(boolean asked, String member, String peer, int keyVersion, long generation) {
    }

    /** The newest generation of a pair anybody was told, and when that became known. */
    private record Newest(long generation, int keyVersion, long toldNs) {
    }

    /** From now on a key of this pair is a contradiction. */
    public void forbid(String memberA, String memberB) {
        forbidden.add(pair(memberA, memberB));
    }

    /** Takes note of what this incarnation of {@code member} was told unasked. */
    public void pushed(String member, long incarnation, Association association) {
        told.merge(new Told(false, member, association.getPeerId(), association.getKeyVersion(), association.getGeneration()), 1, Integer::sum);
        record(member, incarnation, association);
        remember(pair(member, association.getPeerId()), association, System.nanoTime());
    }

    /**
     * Takes note of what this incarnation of {@code member} was told in answer to a question.
     *
     * @param askedNs when it asked, {@link System#nanoTime}
     */
    public void answered(String member, long incarnation, Association association, long askedNs) {
        answered(member, incarnation, association, askedNs, System.nanoTime());
    }

    void answered(String member, long incarnation, Association association, long askedNs, long nowNs) {
        told.merge(new Told(true, member, association.getPeerId(), association.getKeyVersion(), association.getGeneration()), 1, Integer::sum);
        record(member, incarnation, association);
        final String pair = pair(member, association.getPeerId());
        final Newest known = newest.get(pair);
        if (known != null && known.toldNs < askedNs
            && (known.generation > association.getGeneration() || known.keyVersion > association.getKeyVersion())) {
            contradictions.add(pair + ": " + member + " was told generation " + association.getGeneration() + " of version " + association.getKeyVersion()
                + ", though " + known + " was known " + (askedNs - known.toldNs) / 1_000_000 + " ms before it asked");
        }
        remember(pair, association, nowNs);
    }

    private void record(String member, long incarnation, Association association) {
        final String pair = pair(member, association.getPeerId());
        if (forbidden.contains(pair)) {
            contradictions.add(pair + " may have no key, but " + member + " was told one");
        }
        final String digest = sha256(association.getPairKey().toByteArray());
        final String version = pair + " v" + association.getKeyVersion();
        final String known = keys.putIfAbsent(version, digest);
        if (known != null && !known.equals(digest)) {
            contradictions.add(version + ": " + known + " and " + digest + ", told to " + member);
        }
        final String generation = pair + " generation " + association.getGeneration();
        final Integer knownVersion = versions.putIfAbsent(generation, association.getKeyVersion());
        if (knownVersion != null && knownVersion != association.getKeyVersion()) {
            contradictions.add(generation + ": versions " + knownVersion + " and " + association.getKeyVersion());
        }
        final Long holder = holders.putIfAbsent(generation + " at " + member, incarnation);
        if (holder != null && holder != incarnation) {
            contradictions.add(generation + ": given to incarnations " + holder + " and " + incarnation + " of " + member);
        }
    }

    private void remember(String pair, Association association, long nowNs) {
        newest.merge(pair, new Newest(association.getGeneration(), association.getKeyVersion(), nowNs),
            (old, fresh) -> fresh.generation > old.generation ? fresh : old);
    }

    /** The newest generation of a pair that anybody was told; 0 where nobody was told one. */
    public long generation(String memberA, String memberB) {
        final Newest known = newest.get(pair(memberA, memberB));
        return known == null ? 0 : known.generation;
    }

    /** How many keys are on record. */
    public int size() {
        return keys.size();
    }

    public boolean knows(String memberA, String memberB) {
        return newest.containsKey(pair(memberA, memberB));
    }

    /** Everything anybody was told, with how often. */
    public Map<Told, Integer> told() {
        return Map.copyOf(told);
    }

    public List<String> contradictions() {
        return List.copyOf(contradictions);
    }

    private static String pair(String memberA, String memberB) {
        return memberA.compareTo(memberB) < 0 ? memberA + "~" + memberB : memberB + "~" + memberA;
    }

    private static String sha256(byte[] key) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(key), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
