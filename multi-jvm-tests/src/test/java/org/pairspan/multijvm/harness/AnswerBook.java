package org.pairspan.multijvm.harness;

import org.pairspan.protocol.keyservice.Association;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Every key that the key service has ever told anybody, by pair and version, as a digest. A second key for one version of one pair is
 * a contradiction and stays on record. So is one generation of one pair under two versions.
 */
public final class AnswerBook {

    private final Map<String, String> keys = new ConcurrentHashMap<>();
    private final Map<String, Integer> versions = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> contradictions = new ConcurrentLinkedQueue<>();

    /** Takes note of what {@code member} was told. */
    public void record(String member, Association association) {
        final String pair = pair(member, association.getPeerId());
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
    }

    /** How many keys are on record. */
    public int size() {
        return keys.size();
    }

    public boolean knows(String memberA, String memberB) {
        return keys.containsKey(pair(memberA, memberB) + " v1");
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
