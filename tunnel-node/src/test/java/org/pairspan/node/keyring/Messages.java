package org.pairspan.node.keyring;

import com.google.protobuf.ByteString;
import java.net.InetSocketAddress;
import org.pairspan.protocol.address.IpPrefix;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.keyservice.Addresses;
import org.pairspan.protocol.keyservice.Association;
import org.pairspan.protocol.keyservice.MalformedMessageException;

/** Associations as the key service sends them to member 1, "site-a", behind which 10.1.0.0/16 is. */
final class Messages {
    static final String OWN_ID = "site-a";
    static final IpPrefix OWN_PREFIX = IpPrefix.parse("10.1.0.0/16");
    static final int PEER_NUMBER = 2;

    private Messages() {
    }

    /** A good one: with site-b, member 2, behind which 10.2.0.0/16 is. */
    static Association.Builder association(long generation) {
        byte[] key = new byte[32];
        key[0] = 1;
        return Association.newBuilder().setOwnNumber(1).setPeerId("site-b").setPeerNumber(PEER_NUMBER)
                .addPeerPrefixes(Addresses.message(IpPrefix.parse("10.2.0.0/16")))
                .setPeerBearer(Addresses.message(new InetSocketAddress("192.0.2.2", 4710)))
                .setPairKey(ByteString.copyFrom(key)).setKeyVersion(1).setGeneration(generation).setSuite(Suite.AES_256_GCM.wireNumber());
    }

    static AssociationOffer offer(Association.Builder association) {
        try {
            return AssociationOffer.of(association.build());
        } catch (MalformedMessageException e) {
            throw new AssertionError("the test's own message is malformed", e);
        }
    }

    static AssociationOffer offer(long generation) {
        return offer(association(generation));
    }

    static byte[] address(String text) {
        return IpPrefix.parse(text).address();
    }
}
