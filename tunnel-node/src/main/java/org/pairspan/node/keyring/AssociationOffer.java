package org.pairspan.node.keyring;

import com.google.protobuf.ByteString;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import org.pairspan.protocol.address.IpPrefix;
import org.pairspan.protocol.association.KeySchedule;
import org.pairspan.protocol.association.PreSharedKey;
import org.pairspan.protocol.association.TrafficKeys;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.keyservice.Addresses;
import org.pairspan.protocol.keyservice.Association;
import org.pairspan.protocol.keyservice.MalformedMessageException;
import org.pairspan.protocol.keyservice.Terms;
import org.pairspan.runtime.identity.Identity;

/**
 * An association as the key service sent it, its form checked. Holds the pair key until {@link #destroy()}; handed from thread
 * to thread, used by one at a time.
 */
final class AssociationOffer {
    private static final int PAIR_KEY_LENGTH = 32;
    private static final int MAX_PREFIXES = 1024;

    private final int ownNumber;
    private final String peerId;
    private final int peerNumber;
    private final List<IpPrefix> peerPrefixes;
    private final InetSocketAddress peerBearer;
    private final int keyVersion;
    private final long generation;
    private final Suite suite;
    private final byte[] pairKey;
    private final Terms terms;

    private AssociationOffer(Association message) throws MalformedMessageException {
        ownNumber = memberNumber("own number", message.getOwnNumber());
        peerNumber = memberNumber("peer number", message.getPeerNumber());
        require(ownNumber != peerNumber, "the peer has our own number " + ownNumber);
        peerId = message.getPeerId();
        require(Identity.ID.matcher(peerId).matches(), "the peer's id is none");
        int prefixes = message.getPeerPrefixesCount();
        require(prefixes <= MAX_PREFIXES, prefixes + " prefixes; the most is " + MAX_PREFIXES);
        peerPrefixes = List.copyOf(Addresses.prefixes(message.getPeerPrefixesList()));
        peerBearer = Addresses.endpoint(message.getPeerBearer());
        keyVersion = message.getKeyVersion();
        require(keyVersion >= 1, "key version " + Integer.toUnsignedString(keyVersion) + " is not within 1.." + Integer.MAX_VALUE);
        generation = message.getGeneration();
        require(generation >= 1, "generation " + Long.toUnsignedString(generation) + " is not within 1.." + Long.MAX_VALUE);
        suite = suite(message.getSuite());
        ByteString key = message.getPairKey();
        require(key.size() == PAIR_KEY_LENGTH, "the pair key has " + key.size() + " bytes, not " + PAIR_KEY_LENGTH);
        pairKey = key.toByteArray();
        terms = message.getTerms();
    }

    /** Takes over a message; the pair key is copied, so that the frame can be wiped. */
    static AssociationOffer of(Association message) throws MalformedMessageException {
        return new AssociationOffer(message);
    }

    int ownNumber() {
        return ownNumber;
    }

    String peerId() {
        return peerId;
    }

    int peerNumber() {
        return peerNumber;
    }

    long generation() {
        return generation;
    }

    int keyVersion() {
        return keyVersion;
    }

    Suite suite() {
        return suite;
    }

    List<IpPrefix> peerPrefixes() {
        return peerPrefixes;
    }

    /** As they came; {@link PeerTerms} tells whether they mean something here. */
    Terms terms() {
        return terms;
    }

    /**
     * The same with the keys of both directions in place of the pair key.
     *
     * @throws OfferException when its terms are not understood.
     */
    AssociationGrant derive(String ownId) throws OfferException {
        PeerTerms understood = PeerTerms.of(terms);
        TrafficKeys outbound = KeySchedule.derive(suite, pairKey, ownId, peerId, keyVersion, generation);
        TrafficKeys inbound = KeySchedule.derive(suite, pairKey, peerId, ownId, keyVersion, generation);
        boolean client = ownNumber < peerNumber;
        PreSharedKey handshakeKey = KeySchedule.preSharedKey(suite, pairKey, client ? ownId : peerId, client ? peerId : ownId,
                keyVersion, generation);
        return new AssociationGrant(ownId, ownNumber, peerId, peerNumber, peerPrefixes, peerBearer, keyVersion, generation, suite,
                outbound, inbound, handshakeKey, understood);
    }

    /** Wipes the pair key. */
    void destroy() {
        Arrays.fill(pairKey, (byte) 0);
    }

    /** Everything but the key. */
    @Override
    public String toString() {
        return "generation " + generation + " with " + peerId + " (number " + peerNumber + ", key version " + keyVersion + ", "
                + suite + ')';
    }

    private static int memberNumber(String name, int number) throws MalformedMessageException {
        require(number >= 1 && number <= Target.Numbered.MAX,
                name + ' ' + Integer.toUnsignedString(number) + " is not within 1.." + Target.Numbered.MAX);
        return number;
    }

    private static Suite suite(int wireNumber) throws MalformedMessageException {
        try {
            return Suite.ofWireNumber(wireNumber);
        } catch (IllegalArgumentException e) {
            throw new MalformedMessageException("suite " + Integer.toUnsignedString(wireNumber) + " is not known here", e);
        }
    }

    private static void require(boolean holds, String otherwise) throws MalformedMessageException {
        if (!holds) {
            throw new MalformedMessageException(otherwise);
        }
    }
}
