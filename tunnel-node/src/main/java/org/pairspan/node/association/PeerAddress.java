package org.pairspan.node.association;

import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import org.agrona.BitUtil;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.pairspan.node.posix.SocketName;

/**
 * Where a peer's UDP port is: where the key service says, until authentic datagrams come from elsewhere. A newer word of the key service
 * counts again until the next datagram. Data thread only, but for {@link #current()}.
 */
public final class PeerAddress {
    /** What {@link #nameLength} answers where the UDP port can't send to the peer's address. */
    public static final int UNREACHABLE = 0;

    private static final int NAME_ROOM = BitUtil.align(SocketName.LONGEST, Long.BYTES);

    private final UnsafeBuffer name = new UnsafeBuffer(ByteBuffer.allocateDirect(NAME_ROOM));
    private InetSocketAddress advertised;
    private volatile InetSocketAddress current;
    private int moves;
    /** The socket family that the name is in; 0 when the name is still to be made from {@link #current}. */
    private int nameFamily;
    private int nameLength;

    /**
     * What the key service says of the peer; the same once more changes nothing while the peer is heard.
     *
     * @param address resolved.
     * @param silent  whether nothing has come from the peer for a while: then it is not, or no longer, where it was heard last.
     */
    void advertise(InetSocketAddress address, boolean silent) {
        if (silent || !address.equals(advertised)) {
            advertised = address;
            move(address);
            nameFamily = 0;
        }
    }

    /**
     * An authentic datagram, newer than all before it, has come from here. Allocates only when the address is another.
     *
     * @param source holding the kernel's {@link SocketName}.
     * @param offset where it begins.
     * @param length its length in bytes.
     */
    public void learn(DirectBuffer source, int offset, int length) {
        if (nameFamily != 0 && isSame(source, offset, length)) {
            return;
        }
        InetSocketAddress address = SocketName.get(source, offset, length);
        if (address != null) {
            move(address);
            name.putBytes(0, source, offset, length);
            nameLength = length;
            nameFamily = source.getShort(offset + SocketName.FAMILY_OFFSET);
        }
    }

    private void move(InetSocketAddress address) {
        if (!address.equals(current)) {
            current = address;
            moves++;
        }
    }

    /** How often the address has become another; what is known of the path to the one before is known no more. */
    public int moves() {
        return moves;
    }

    private boolean isSame(DirectBuffer source, int offset, int length) {
        if (length != nameLength) {
            return false;
        }
        for (int i = 0; i < length; i += Integer.BYTES) {
            if (source.getInt(offset + i) != name.getInt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Where the peer is now. Any thread. */
    public InetSocketAddress current() {
        return current;
    }

    /** Whether outer packets to the peer have IPv6 headers. */
    public boolean isIpv6() {
        return !(current.getAddress() instanceof Inet4Address);
    }

    /**
     * Length of the {@link SocketName} at {@link #nameAddress}.
     *
     * @param socketFamily of the socket that is to send.
     * @return bytes, or {@link #UNREACHABLE} where the socket is of IPv4 and the address is not.
     */
    public int nameLength(int socketFamily) {
        if (nameFamily != socketFamily) {
            nameFamily = socketFamily;
            nameLength = socketFamily == SocketName.AF_INET && isIpv6() ? UNREACHABLE
                    : SocketName.put(name, 0, current, socketFamily);
        }
        return nameLength;
    }

    /** Address of the memory that holds the name, as {@link #nameLength} was last asked for it. */
    public long nameAddress() {
        return name.addressOffset();
    }

    @Override
    public String toString() {
        return String.valueOf(current);
    }
}
