package org.pairspan.kms.endpoint;

import java.time.InstantSource;
import java.util.Arrays;
import java.util.function.Function;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.pairspan.kms.audit.AuditLog;
import org.pairspan.kms.config.KmsSettings.MemberLinkLimits;
import org.pairspan.kms.issue.KeyIssuer;
import org.pairspan.kms.observe.ServiceCounters;
import org.pairspan.kms.pairkey.PairKey;
import org.pairspan.kms.presence.Handout;
import org.pairspan.kms.sealing.Sealer;
import org.pairspan.protocol.keyservice.Association;

/**
 * What the links of one server share.
 *
 * @param issuer answers key requests
 * @param sealer opens keys for the frame they go out in
 * @param clock  wall clock, for audit records and the age of links
 */
public record LinkServices(ClusterSharding sharding, KeyIssuer issuer, Sealer sealer, AuditLog audit, ServiceCounters counters,
        MemberLinkLimits limits, InstantSource clock) {

    /**
     * Opens the key of a handout, puts it into a message, has the message sent, and wipes the key.
     *
     * @param send encodes the message before it returns
     */
    <T> T withAssociation(Handout handout, Function<Association, T> send) {
        byte[] key = sealer.open(PairKey.persistenceId(handout.pair()), handout.keyVersion(), handout.key());
        try {
            return send.apply(Frames.association(handout, key));
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }
}
