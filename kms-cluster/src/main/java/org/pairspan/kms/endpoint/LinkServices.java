package org.pairspan.kms.endpoint;

import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.pairspan.kms.audit.AuditAllowances;
import org.pairspan.kms.cluster.Standing;
import org.pairspan.kms.config.KmsSettings.MemberLinkLimits;
import org.pairspan.kms.issue.KeyIssuer;
import org.pairspan.kms.observe.ServiceCounters;
import org.pairspan.kms.pairkey.PairKey;
import org.pairspan.kms.policy.PairPolicy;
import org.pairspan.kms.policy.PolicyDecision;
import org.pairspan.kms.presence.Handout;
import org.pairspan.kms.presence.LinkedMembers;
import org.pairspan.kms.revocation.RevokedMembers;
import org.pairspan.kms.sealing.Sealer;
import org.pairspan.kms.sealing.SealingException;
import org.pairspan.protocol.keyservice.Association;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the links of one server share.
 *
 * @param issuer  answers key requests
 * @param policy  says on which terms pairs talk
 * @param sealer  opens keys for the frame they go out in
 * @param audit   bounds how much a member may have recorded to which nothing is given
 * @param clock   wall clock, for audit records and the age of links
 * @param revoked members that have lost their right to keys
 * @param linked  members that are connected to this server
 * @param standing whether this server may answer
 */
public record LinkServices(ClusterSharding sharding, KeyIssuer issuer, PairPolicy policy, Sealer sealer, AuditAllowances audit, ServiceCounters counters,
        MemberLinkLimits limits, InstantSource clock, RevokedMembers revoked, LinkedMembers linked, Standing standing) {

    private static final Logger LOG = LoggerFactory.getLogger(LinkServices.class);

    /**
     * Opens the key of a handout, puts it into a message with the terms on which the pair talks, has the message sent, and wipes the key.
     *
     * @param send encodes the message before it returns
     * @return empty where it was sent; else why nothing was: the stored key does not open, which is logged, the pair may not talk so any
     *         more, one of it has been revoked, or this server may not answer now. It fails this one message: the member has other pairs, and
     *         they must go on
     */
    Optional<String> sendAssociation(Handout handout, Consumer<Association> send) {
        if (!standing.holds()) {
            return Optional.of(standing.trouble());
        }
        if (!(policy.decide(handout.pair().low(), handout.pair().high()) instanceof PolicyDecision.Allowed allowed)
                || allowed.suites().stream().noneMatch(suite -> suite.wireNumber() == handout.suite())) {
            // The policy has changed since it was asked, a moment ago.
            LOG.info("{} may not have what was meant for it any more", handout.pair());
            return Optional.of("the policy does not allow it any more");
        }
        if (revoked.has(handout.pair().low()) || revoked.has(handout.pair().high())) {
            // Revoked since this was decided, a moment ago.
            LOG.info("{} gets no key any more: one of it is revoked", handout.pair());
            return Optional.of("one of the pair is revoked");
        }
        byte[] key;
        try {
            key = sealer.open(PairKey.persistenceId(handout.pair()), handout.keyVersion(), handout.key());
        } catch (SealingException e) {
            LOG.error("the stored key of {} does not open", handout.pair(), e);
            return Optional.of("the stored key does not open");
        }
        try {
            send.accept(Frames.association(handout, key, TermsMessage.of(allowed.terms())));
            return Optional.empty();
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }
}
