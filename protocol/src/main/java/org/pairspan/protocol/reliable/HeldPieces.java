package org.pairspan.protocol.reliable;

import org.agrona.DirectBuffer;

/** Pieces of one window that came before their turn. */
final class HeldPieces {
    private final int mask;
    private final NumberSet numbers;
    private final long[] headers;
    private final int[] places;
    private final int[] lengths;
    private final PiecePool pool;

    HeldPieces(int window, int pieceLength) {
        mask = window - 1;
        numbers = new NumberSet(window);
        headers = new long[window];
        places = new int[window];
        lengths = new int[window];
        pool = new PiecePool(window, pieceLength);
    }

    NumberSet numbers() {
        return numbers;
    }

    boolean contains(int number) {
        return numbers.contains(number);
    }

    void put(int number, long header, DirectBuffer piece, int offset, int length) {
        int index = number & mask;
        int place = pool.take();
        pool.buffer(place).putBytes(pool.offset(place), piece, offset, length);
        headers[index] = header;
        places[index] = place;
        lengths[index] = length;
        numbers.add(number);
    }

    void deliver(int number, Delivery delivery) {
        int index = number & mask;
        int place = places[index];
        numbers.remove(number);
        pool.release(place);
        delivery.deliver(headers[index], pool.buffer(place), pool.offset(place), lengths[index]);
    }

    /** Forgets the pieces from one number to before another. */
    void clear(int from, int to) {
        for (int number = from; number - to < 0; number++) {
            if (numbers.contains(number)) {
                pool.release(places[number & mask]);
            }
        }
        numbers.clear();
    }

    long memory() {
        return pool.memory();
    }
}
