package org.pairspan.node.bearer;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import org.pairspan.node.association.PeerAssociations;
import org.pairspan.node.association.SecurityAssociationDatabase;
import org.pairspan.node.keyring.AssociationGrant;
import org.pairspan.node.keyring.KeyDemand;
import org.pairspan.protocol.association.KeySchedule;
import org.pairspan.protocol.association.PreSharedKey;
import org.pairspan.protocol.association.SaLifetime;
import org.pairspan.protocol.crypto.Suite;

/** Two members that share a key: the one numbered 1 and the one numbered 2, as each has the other in its database. */
final class PeerPair {
    static final InetSocketAddress SOMEWHERE = new InetSocketAddress(InetAddress.getLoopbackAddress(), 4710);
    /** Asks nobody. */
    static final KeyDemand NO_DEMAND = new KeyDemand() {
        @Override
        public boolean peerOf(byte[] address) {
            return true;
        }

        @Override
        public boolean peerNumbered(int number) {
            return true;
        }

        @Override
        public boolean renew(int peerNumber, long aboveGeneration) {
            return true;
        }

        @Override
        public boolean left(int peerNumber, long generation) {
            return true;
        }
    };

    private PeerPair() {
    }

    /** What member {@code own} knows of member {@code peer} after it got a generation of their association. */
    static PeerAssociations install(SecurityAssociationDatabase database, int own, int peer, InetSocketAddress bearer,
            long generation) {
        Suite suite = Suite.AES_256_GCM;
        byte[] pairKey = new byte[KeySchedule.PAIR_KEY_LENGTH];
        Arrays.fill(pairKey, (byte) 7);
        return database.install(new AssociationGrant(id(own), own, id(peer), peer, List.of(), bearer, 1, generation, suite,
                KeySchedule.derive(suite, pairKey, id(own), id(peer), 1, generation),
                KeySchedule.derive(suite, pairKey, id(peer), id(own), 1, generation),
                new PreSharedKey(new byte[PreSharedKey.LENGTH])), System.nanoTime());
    }

    static SecurityAssociationDatabase database() {
        return new SecurityAssociationDatabase(SaLifetime.DEFAULT, grant -> { });
    }

    private static String id(int number) {
        return "member-" + number;
    }
}
