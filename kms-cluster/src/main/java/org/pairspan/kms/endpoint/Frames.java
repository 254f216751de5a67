package org.pairspan.kms.endpoint;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.pairspan.kms.issue.Wanted;
import org.pairspan.kms.presence.Handout;
import org.pairspan.protocol.address.IpPrefix;
import org.pairspan.protocol.keyservice.Association;
import org.pairspan.protocol.keyservice.Endpoint;
import org.pairspan.protocol.keyservice.KeyRequest;
import org.pairspan.protocol.keyservice.MemberFrame;
import org.pairspan.protocol.keyservice.Prefix;
import org.pairspan.protocol.keyservice.Register;
import org.pairspan.protocol.keyservice.ServiceFrame;
import org.pairspan.protocol.keyservice.Terms;

/**
 * Between protobuf and the service's own values. All that comes from a member is checked here; what breaks a rule is a
 * {@link MalformedFrameException}.
 */
final class Frames {

    /** Largest protobuf message in a frame, bytes. */
    static final int MAX_LENGTH = 65_536;
    /** Length field, bytes, big endian. */
    static final int LENGTH_BYTES = 4;

    private static final int MAX_PREFIXES = 256;
    private static final int MAX_SUITES = 32;
    private static final int MAX_SUITE_NUMBER = 255;
    private static final int MAX_PORT = 65_535;
    private static final int MAX_MEMBER_NUMBER = (1 << 20) - 1;

    private Frames() {
    }

    /** A frame's content. */
    static MemberFrame parse(ByteBuffer content) throws MalformedFrameException {
        try {
            MemberFrame frame = MemberFrame.parseFrom(content);
            if (frame.getBodyCase() == MemberFrame.BodyCase.BODY_NOT_SET) {
                throw new MalformedFrameException("a frame without a body this version knows");
            }
            return frame;
        } catch (InvalidProtocolBufferException e) {
            throw new MalformedFrameException("a frame that is not a message of the member link", e);
        }
    }

    /** A whole frame: length and content. */
    static byte[] encode(ServiceFrame frame) {
        byte[] content = frame.toByteArray();
        return ByteBuffer.allocate(LENGTH_BYTES + content.length).putInt(content.length).put(content).array();
    }

    static InetSocketAddress bearer(Register register) throws MalformedFrameException {
        Endpoint endpoint = register.getBearer();
        InetAddress address = address(endpoint.getAddress());
        if (address.isAnyLocalAddress() || address.isMulticastAddress() || endpoint.getPort() < 1 || endpoint.getPort() > MAX_PORT) {
            throw new MalformedFrameException("the bearer must be one host's address and a port from 1 to " + MAX_PORT);
        }
        return new InetSocketAddress(address, endpoint.getPort());
    }

    static List<IpPrefix> prefixes(Register register) throws MalformedFrameException {
        if (register.getPrefixesCount() > MAX_PREFIXES) {
            throw new MalformedFrameException("more than " + MAX_PREFIXES + " prefixes");
        }
        List<IpPrefix> prefixes = new ArrayList<>(register.getPrefixesCount());
        for (Prefix prefix : register.getPrefixesList()) {
            try {
                prefixes.add(IpPrefix.ofBytes(prefix.getAddress().toByteArray(), prefix.getLength()));
            } catch (IllegalArgumentException e) {
                throw new MalformedFrameException("a prefix that is none: " + e.getMessage(), e);
            }
        }
        return prefixes;
    }

    static List<Integer> suites(Register register) throws MalformedFrameException {
        List<Integer> suites = register.getSuitesList();
        if (suites.isEmpty() || suites.size() > MAX_SUITES || suites.stream().anyMatch(n -> n < 1 || n > MAX_SUITE_NUMBER)) {
            throw new MalformedFrameException("1 to " + MAX_SUITES + " suites are named, by numbers from 1 to " + MAX_SUITE_NUMBER);
        }
        return List.copyOf(suites);
    }

    static Wanted wanted(KeyRequest request) throws MalformedFrameException {
        return switch (request.getPeerCase()) {
            case PEER_ADDRESS -> new Wanted(address(request.getPeerAddress()).getAddress(), 0, above(request),
                    held(request));
            case PEER_NUMBER -> {
                if (request.getPeerNumber() < 1 || request.getPeerNumber() > MAX_MEMBER_NUMBER) {
                    throw new MalformedFrameException("member numbers run from 1 to " + MAX_MEMBER_NUMBER);
                }
                yield new Wanted(null, request.getPeerNumber(), above(request), held(request));
            }
            case PEER_NOT_SET -> throw new MalformedFrameException("a key request names a peer");
        };
    }

    private static long above(KeyRequest request) throws MalformedFrameException {
        if (request.getAboveGeneration() < 0) {
            throw new MalformedFrameException("no generation is that high");
        }
        return request.getAboveGeneration();
    }

    private static int held(KeyRequest request) throws MalformedFrameException {
        if (request.getHeldVersion() < 0) {
            throw new MalformedFrameException("no version of a key is that high");
        }
        return request.getHeldVersion();
    }

    private static InetAddress address(ByteString bytes) throws MalformedFrameException {
        if (bytes.size() != IpPrefix.IPV4_OCTETS && bytes.size() != IpPrefix.IPV6_OCTETS) {
            throw new MalformedFrameException("an address has 4 or 16 bytes, not " + bytes.size());
        }
        try {
            InetAddress address = InetAddress.getByAddress(bytes.toByteArray());
            if (address.getAddress().length != bytes.size()) {
                throw new MalformedFrameException("an IPv4 address is written in 4 bytes");
            }
            return address;
        } catch (UnknownHostException e) {
            throw new MalformedFrameException("an address has 4 or 16 bytes, not " + bytes.size(), e);
        }
    }

    /**
     * An association as its member sees it.
     *
     * @param pairKey plaintext; the message holds this very array until it is encoded, so wipe it only then
     * @param terms   on which the pair talks
     */
    static Association association(Handout handout, byte[] pairKey, Terms terms) {
        Association.Builder builder = Association.newBuilder()
                .setOwnNumber(handout.ownNumber())
                .setPeerId(handout.peer().id())
                .setPeerNumber(handout.peer().number())
                .setPeerBearer(Endpoint.newBuilder()
                        .setAddress(ByteString.copyFrom(handout.peer().bearer().getAddress().getAddress()))
                        .setPort(handout.peer().bearer().getPort()))
                .setPairKey(UnsafeByteOperations.unsafeWrap(pairKey))
                .setKeyVersion(handout.keyVersion())
                .setGeneration(handout.generation())
                .setSuite(handout.suite());
        if (!terms.equals(Terms.getDefaultInstance())) {
            builder.setTerms(terms);
        }
        for (IpPrefix prefix : handout.peer().prefixes()) {
            builder.addPeerPrefixes(Prefix.newBuilder()
                    .setAddress(ByteString.copyFrom(prefix.address())).setLength(prefix.length()));
        }
        return builder.build();
    }
}
