package org.pairspan.protocol.keyservice;

import com.google.protobuf.ByteString;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.pairspan.protocol.address.IpPrefix;

/** Prefixes and endpoints between messages and the types of this program; reading checks, writing trusts. */
public final class Addresses {
    private static final int MAX_PORT = 0xFFFF;

    private Addresses() {
    }

    /** @throws MalformedMessageException for a wrong size, a wrong length or host bits that are not zero. */
    public static IpPrefix prefix(Prefix message) throws MalformedMessageException {
        try {
            return IpPrefix.ofBytes(message.getAddress().toByteArray(), message.getLength());
        } catch (IllegalArgumentException e) {
            throw new MalformedMessageException("a prefix is malformed: " + e.getMessage(), e);
        }
    }

    /** As {@link #prefix(Prefix)}, each. */
    public static List<IpPrefix> prefixes(List<Prefix> messages) throws MalformedMessageException {
        List<IpPrefix> prefixes = new ArrayList<>(messages.size());
        for (Prefix message : messages) {
            prefixes.add(prefix(message));
        }
        return prefixes;
    }

    /** The message for a prefix: its network address, 4 or 16 bytes, and the length in bits. */
    public static Prefix message(IpPrefix prefix) {
        return Prefix.newBuilder().setAddress(ByteString.copyFrom(prefix.address())).setLength(prefix.length()).build();
    }

    /** @throws MalformedMessageException when it is not a unicast address of 4 or 16 bytes with a port of 1 to 65,535. */
    public static InetSocketAddress endpoint(Endpoint message) throws MalformedMessageException {
        byte[] bytes = message.getAddress().toByteArray();
        InetAddress address;
        try {
            address = InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new MalformedMessageException("an endpoint's address has 4 or 16 bytes, not " + bytes.length, e);
        }
        // The JDK turns an IPv4-mapped address into an IPv4 one, which would give one endpoint two spellings.
        if (address.getAddress().length != bytes.length || address.isAnyLocalAddress() || address.isMulticastAddress()) {
            throw new MalformedMessageException("an endpoint's address is unicast and not IPv4-mapped, unlike "
                + address.getHostAddress());
        }
        int port = message.getPort();
        if (port < 1 || port > MAX_PORT) {
            throw new MalformedMessageException("an endpoint's port is 1 to 65535, not " + Integer.toUnsignedString(port));
        }
        return new InetSocketAddress(address, port);
    }

    /** @param endpoint resolved. */
    public static Endpoint message(InetSocketAddress endpoint) {
        if (endpoint.isUnresolved()) {
            throw new IllegalArgumentException("an endpoint is sent as an address, and " + endpoint + " is not resolved");
        }
        return Endpoint.newBuilder().setAddress(ByteString.copyFrom(endpoint.getAddress().getAddress()))
            .setPort(endpoint.getPort()).build();
    }
}
