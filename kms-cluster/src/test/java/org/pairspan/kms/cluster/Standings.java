package org.pairspan.kms.cluster;

/** Standings for tests of other packages. */
public final class Standings {

    private Standings() {
    }

    /** Of a server that is a cluster of its own and may answer. */
    public static Standing held() {
        Standing standing = new Standing();
        standing.alone(true);
        standing.onlySeed(true);
        return standing;
    }

    /** Of one that stops. */
    public static Standing ended() {
        Standing standing = held();
        standing.end();
        return standing;
    }
}
