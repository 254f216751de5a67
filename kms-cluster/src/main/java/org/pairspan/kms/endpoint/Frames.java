package org.pairspan.kms.endpoint;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.pairspan.kms.issue.Wanted;
import org.pairspan.kms.presence.Handout;
import org.pairspan.protocol.address.IpPrefix;
import org.pairspan.protocol.keyservice.Addresses;
import org.pairspan.protocol.keyservice.Association;
import org.pairspan.protocol.keyservice.KeyRequest;
import org.pairspan.protocol.keyservice.MalformedMessageException;
import org.pairspan.protocol.keyservice.Register;
import org.pairspan.protocol.keyservice.Terms;

/**
 * Between protobuf and the service's own values. All that comes from a member is checked here; what breaks a rule is a
 * {@link MalformedMessageException}.
 */
final class Frames {

    private static final int MAX_PREFIXES = 256;
    private static final int MAX_SUITES = 32;
    private static final int MAX_SUITE_NUMBER = 255;
    private static final int MAX_MEMBER_NUMBER = (1 << 20) - 1;

    private Frames() {
    }

    static List<IpPrefix> prefixes(Register register) throws MalformedMessageException {
        if (register.getPrefixesCount() > MAX_PREFIXES) {
            throw new MalformedMessageException("more than " + MAX_PREFIXES + " prefixes");
        }
        return Addresses.prefixes(register.getPrefixesList());
    }

    static List<Integer> suites(Register register) throws MalformedMessageException {
        List<Integer> suites = register.getSuitesList();
        if (suites.isEmpty() || suites.size() > MAX_SUITES || suites.stream().anyMatch(n -> n < 1 || n > MAX_SUITE_NUMBER)) {
            throw new MalformedMessageException("1 to " + MAX_SUITES + " suites are named, by numbers from 1 to " + MAX_SUITE_NUMBER);
        }
        return List.copyOf(suites);
    }

    static Wanted wanted(KeyRequest request) throws MalformedMessageException {
        return switch (request.getPeerCase()) {
            case PEER_ADDRESS -> new Wanted(address(request.getPeerAddress()).getAddress(), 0, above(request),
                    held(request));
            case PEER_NUMBER -> {
                if (request.getPeerNumber() < 1 || request.getPeerNumber() > MAX_MEMBER_NUMBER) {
                    throw new MalformedMessageException("member numbers run from 1 to " + MAX_MEMBER_NUMBER);
                }
                yield new Wanted(null, request.getPeerNumber(), above(request), held(request));
            }
            case PEER_NOT_SET -> throw new MalformedMessageException("a key request names a peer");
        };
    }

    private static long above(KeyRequest request) throws MalformedMessageException {
        if (request.getAboveGeneration() < 0) {
            throw new MalformedMessageException("no generation is that high");
        }
        return request.getAboveGeneration();
    }

    private static int held(KeyRequest request) throws MalformedMessageException {
        if (request.getHeldVersion() < 0) {
            throw new MalformedMessageException("no version of a key is that high");
        }
        return request.getHeldVersion();
    }

    private static InetAddress address(ByteString bytes) throws MalformedMessageException {
        if (bytes.size() != IpPrefix.IPV4_OCTETS && bytes.size() != IpPrefix.IPV6_OCTETS) {
            throw new MalformedMessageException("an address has 4 or 16 bytes, not " + bytes.size());
        }
        try {
            InetAddress address = InetAddress.getByAddress(bytes.toByteArray());
            if (address.getAddress().length != bytes.size()) {
                throw new MalformedMessageException("an IPv4 address is written in 4 bytes");
            }
            return address;
        } catch (UnknownHostException e) {
            throw new MalformedMessageException("an address has 4 or 16 bytes, not " + bytes.size(), e);
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
                .setPeerBearer(Addresses.message(handout.peer().bearer()))
                .setPairKey(UnsafeByteOperations.unsafeWrap(pairKey))
                .setKeyVersion(handout.keyVersion())
                .setGeneration(handout.generation())
                .setSuite(handout.suite());
        if (!terms.equals(Terms.getDefaultInstance())) {
            builder.setTerms(terms);
        }
        for (IpPrefix prefix : handout.peer().prefixes()) {
            builder.addPeerPrefixes(Addresses.message(prefix));
        }
        return builder.build();
    }
}
