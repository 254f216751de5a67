package org.pairspan.node.bearer;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;
import org.pairspan.node.posix.PollDescriptor;
import org.pairspan.node.posix.PacketCalls;

/** The descriptors on which the data thread waits when it has nothing to do. Owned by that thread. */
public final class DescriptorSet {
    /** {@code struct timespec}: seconds, which stay 0, and nanoseconds. */
    private final UnsafeBuffer timeout = new UnsafeBuffer(ByteBuffer.allocateDirect(2 * Long.BYTES));
    private int[] descriptors = new int[0];
    private UnsafeBuffer structures = new UnsafeBuffer(ByteBuffer.allocateDirect(PollDescriptor.LENGTH));

    /** Adds a descriptor to wait on. */
    public void add(int descriptor) {
        descriptors = Arrays.copyOf(descriptors, descriptors.length + 1);
        descriptors[descriptors.length - 1] = descriptor;
        rebuild();
    }

    /** Takes a descriptor out again; one that is not there changes nothing. */
    public void remove(int descriptor) {
        descriptors = Arrays.stream(descriptors).filter(each -> each != descriptor).toArray();
        rebuild();
    }

    /**
     * Waits until one of the descriptors has something to read.
     *
     * @param besides   one more descriptor for this call, or a negative number for none.
     * @param timeoutNs the longest wait in nanoseconds, 0 to a second less one.
     */
    public void await(int besides, long timeoutNs) {
        int extra = descriptors.length * PollDescriptor.LENGTH;
        PollDescriptor.put(structures, extra, besides, PollDescriptor.POLLIN);
        timeout.putLong(Long.BYTES, timeoutNs);
        PacketCalls.ppoll(structures.addressOffset(), descriptors.length + 1, timeout.addressOffset());
    }

    /** Whether the last {@link #await} found something to read at a descriptor of this set. */
    public boolean isReadable(int descriptor) {
        for (int i = 0; i < descriptors.length; i++) {
            if (descriptors[i] == descriptor) {
                return PollDescriptor.isAnswered(structures, i * PollDescriptor.LENGTH);
            }
        }
        return false;
    }

    private void rebuild() {
        structures = new UnsafeBuffer(ByteBuffer.allocateDirect((descriptors.length + 1) * PollDescriptor.LENGTH));
        for (int i = 0; i < descriptors.length; i++) {
            PollDescriptor.put(structures, i * PollDescriptor.LENGTH, descriptors[i], PollDescriptor.POLLIN);
        }
    }
}
