package org.pairspan.protocol.reliable;

import org.agrona.DirectBuffer;
import org.pairspan.protocol.transport.SegmentHeader;

/**
 * The pieces that the receiver has not confirmed as delivered: {@link #first} to before {@link #end}. Each is on the way (in a list by
 * the order of sending), lost (in a list by the order of finding out), or here at the receiver but not yet delivered there.
 */
final class SentPieces {
    private static final byte ON_THE_WAY = 1;
    private static final byte LOST = 2;
    private static final byte ARRIVED = 3;

    private final int capacity;
    private final int mask;
    private final PiecePool pool;
    private final NumberSet arrived;
    private final byte[] states;
    private final int[] numbers;
    private final int[] fields;
    private final int[] places;
    private final int[] lengths;
    private final int[] transmissions;
    private final long[] sentNs;
    private final int[] orders;
    // Two rings of links, each through a node of its own behind the pieces'.
    private final int[] later;
    private final int[] earlier;
    private int first;
    private int end;
    private int onTheWay;
    private int lost;
    private int order;

    SentPieces(int capacity, int pieceLength) {
        this.capacity = capacity;
        mask = capacity - 1;
        pool = new PiecePool(capacity, pieceLength);
        arrived = new NumberSet(capacity);
        states = new byte[capacity];
        numbers = new int[capacity];
        fields = new int[capacity];
        places = new int[capacity];
        lengths = new int[capacity];
        transmissions = new int[capacity];
        sentNs = new long[capacity];
        orders = new int[capacity];
        later = new int[capacity + 2];
        earlier = new int[capacity + 2];
        first = ReliableSender.FIRST_NUMBER;
        end = first;
        clearLists();
    }

    private void clearLists() {
        for (int node = capacity; node < capacity + 2; node++) {
            later[node] = node;
            earlier[node] = node;
        }
        onTheWay = 0;
        lost = 0;
    }

    int first() {
        return first;
    }

    int end() {
        return end;
    }

    int size() {
        return end - first;
    }

    int onTheWay() {
        return onTheWay;
    }

    int lost() {
        return lost;
    }

    long memory() {
        return pool.memory();
    }

    /** Copies a new piece in, sent now. There is room. */
    int add(int flags, int word, DirectBuffer piece, int offset, int length, long nowNs) {
        int number = end++;
        int index = number & mask;
        int place = pool.take();
        pool.buffer(place).putBytes(pool.offset(place), piece, offset, length);
        numbers[index] = number;
        fields[index] = flags << Short.SIZE | word;
        places[index] = place;
        lengths[index] = length;
        transmissions[index] = 0;
        send(index, nowNs);
        return number;
    }

    /** Index of the piece on the way that was sent longest ago; only while there is one. */
    int oldest() {
        return later[capacity];
    }

    /** Index of the lost piece that was found first; only while there is one. */
    int firstLost() {
        return later[capacity + 1];
    }

    int index(int number) {
        return number & mask;
    }

    long sentNs(int index) {
        return sentNs[index];
    }

    /** Place in the order of all sendings; to be compared by difference. */
    int order(int index) {
        return orders[index];
    }

    int transmissions(int index) {
        return transmissions[index];
    }

    int number(int index) {
        return numbers[index];
    }

    boolean hasArrived(int index) {
        return states[index] == ARRIVED;
    }

    /** Those of 64 pieces from this number on that the receiver is already known to have. */
    long arrivedFrom(int number) {
        return arrived.from(number);
    }

    boolean resend(int index, byte incarnation, Resender out, long nowNs) {
        int flags = fields[index] >>> Short.SIZE | (transmissions[index] > 0 ? SegmentHeader.RESENT : 0);
        long header = SegmentHeader.encode(flags, incarnation, fields[index], numbers[index]);
        int place = places[index];
        if (!out.resend(header, pool.buffer(place), pool.offset(place), lengths[index])) {
            return false;
        }
        unlink(index);
        send(index, nowNs);
        return true;
    }

    private void send(int index, long nowNs) {
        states[index] = ON_THE_WAY;
        sentNs[index] = nowNs;
        orders[index] = order++;
        transmissions[index]++;
        onTheWay++;
        append(capacity, index);
    }

    void markLost(int index) {
        unlink(index);
        states[index] = LOST;
        lost++;
        append(capacity + 1, index);
    }

    void markArrived(int index) {
        unlink(index);
        states[index] = ARRIVED;
        arrived.add(numbers[index]);
    }

    /** What arrived out of order arrived at a receiver that is gone: takes it for lost. */
    void forgetArrivals() {
        for (int number = first; number != end; number++) {
            int index = number & mask;
            if (states[index] == ARRIVED) {
                states[index] = LOST;
                lost++;
                append(capacity + 1, index);
            }
        }
        arrived.clear();
    }

    /** Forgets the pieces before this number, all of which arrived. */
    void release(int to) {
        while (first != to) {
            int index = first & mask;
            arrived.remove(first);
            pool.release(places[index]);
            first++;
        }
    }

    /**
     * Numbers what is left from the first number, as the receiver has none of it, and takes it all for lost. What belongs to a message whose first
     * piece was delivered before is dropped: the receiver could do nothing with it.
     *
     * @return pieces dropped.
     */
    int renumber() {
        int dropped = 0;
        while (first != end && (fields[first & mask] >>> Short.SIZE & SegmentHeader.FIRST) == 0) {
            pool.release(places[first & mask]);
            first++;
            dropped++;
        }
        int from = first;
        int count = end - first;
        int[] oldFields = fields.clone();
        int[] oldPlaces = places.clone();
        int[] oldLengths = lengths.clone();
        arrived.clear();
        clearLists();
        first = ReliableSender.FIRST_NUMBER;
        end = first + count;
        lost = count;
        for (int number = first; number != end; number++) {
            int index = number & mask;
            int old = from + (number - first) & mask;
            numbers[index] = number;
            fields[index] = oldFields[old];
            places[index] = oldPlaces[old];
            lengths[index] = oldLengths[old];
            transmissions[index] = 0;
            states[index] = LOST;
            append(capacity + 1, index);
        }
        return dropped;
    }

    /**
     * Forgets all pieces; the next has the first number.
     *
     * @return pieces dropped.
     */
    int abandon() {
        int dropped = size();
        for (int number = first; number != end; number++) {
            pool.release(places[number & mask]);
        }
        arrived.clear();
        clearLists();
        first = ReliableSender.FIRST_NUMBER;
        end = first;
        return dropped;
    }

    /** Moves all times by as much as the clock jumped. */
    void shift(long byNs) {
        for (int number = first; number != end; number++) {
            sentNs[number & mask] += byNs;
        }
    }

    private void append(int list, int index) {
        int last = earlier[list];
        later[last] = index;
        earlier[index] = last;
        later[index] = list;
        earlier[list] = index;
    }

    private void unlink(int index) {
        if (states[index] == ON_THE_WAY) {
            onTheWay--;
        } else {
            lost--;
        }
        later[earlier[index]] = later[index];
        earlier[later[index]] = earlier[index];
    }
}
