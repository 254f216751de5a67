package org.pairspan.protocol.reliable;

import java.util.Arrays;

/** Which numbers of a window are marked. The window is no longer than the set's capacity, and its numbers may wrap. */
final class NumberSet {
    private static final int WORD_SHIFT = 6;

    private final long[] words;
    private final int wordMask;

    /** @param capacity a power of two, at least 128. */
    NumberSet(int capacity) {
        words = new long[capacity >> WORD_SHIFT];
        wordMask = words.length - 1;
    }

    boolean contains(int number) {
        return (words[number >>> WORD_SHIFT & wordMask] & 1L << number) != 0;
    }

    void add(int number) {
        words[number >>> WORD_SHIFT & wordMask] |= 1L << number;
    }

    void remove(int number) {
        words[number >>> WORD_SHIFT & wordMask] &= ~(1L << number);
    }

    /** The marks of 64 numbers from this one on, the first in the lowest bit. */
    long from(int number) {
        long low = words[number >>> WORD_SHIFT & wordMask] >>> number;
        int within = number & Long.SIZE - 1;
        return within == 0 ? low : low | words[(number >>> WORD_SHIFT) + 1 & wordMask] << Long.SIZE - within;
    }

    void clear() {
        Arrays.fill(words, 0);
    }
}
