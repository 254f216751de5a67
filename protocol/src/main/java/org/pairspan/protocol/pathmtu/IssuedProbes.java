package org.pairspan.protocol.pathmtu;

import java.util.Arrays;

/** The sizes of the newest probes by number, so that an echo counts only for what was really sent, and a late one still counts. */
final class IssuedProbes {
    private static final int REMEMBERED = 16;
    private static final int NONE = 0;

    private final int[] sizes = new int[REMEMBERED];
    private int newest;

    /** Notes a probe and gives it a number. */
    int issue(int size) {
        newest++;
        sizes[newest & REMEMBERED - 1] = size;
        return newest;
    }

    /** Whether a probe of this number and size was issued and not redeemed or forgotten; forgets it. */
    boolean redeem(int number, int size) {
        int slot = number & REMEMBERED - 1;
        int age = newest - number;
        if (age < 0 || age >= REMEMBERED || sizes[slot] != size || size == NONE) {
            return false;
        }
        sizes[slot] = NONE;
        return true;
    }

    /** Forgets all: what was sent before says nothing about the path of now. */
    void clear() {
        Arrays.fill(sizes, NONE);
    }
}
