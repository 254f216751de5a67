package org.pairspan.kms.delivery;

import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.pairspan.kms.audit.AuditAllowance;
import org.pairspan.kms.audit.AuditLog;
import org.pairspan.kms.cluster.Standing;
import org.pairspan.kms.config.Etsi014Settings;
import org.pairspan.kms.config.KmsSettings.IdentityFiles;
import org.pairspan.kms.pairkey.KeyErasure;
import org.pairspan.kms.sealing.Sealer;
import org.pairspan.kms.source.KeySource;
import org.pairspan.runtime.config.ConfigurationException;
import org.pairspan.runtime.config.HostPort;
import org.pairspan.runtime.identity.Role;
import org.pairspan.runtime.tls.TlsContexts;
import org.pairspan.runtime.tls.TlsIdentity;

/** Puts the parts of ETSI GS QKD 014 together. */
public final class KeyDeliveryService {

    private KeyDeliveryService() {
    }

    /**
     * What the rest of the key server gives.
     *
     * @param tls     the key server's own
     * @param masters who may have keys that are due, though nobody asks for them
     * @param sources the key source that a policy names, or the usual one
     * @param refusals how many records of refusals an SAE may cause
     */
    public record Parts(ActorSystem<?> system, TlsContexts tls, SaeAccess access, Function<Optional<String>, KeySource> sources,
            Sealer sealer, AuditLog audit, AuditAllowance refusals, MasterCensus masters, InstantSource clock) {
    }

    /**
     * Makes the keys of masters known to sharding; on every server, whether it listens for SAEs or not.
     *
     * @param revoked whether a member has lost its right to keys
     */
    public static void init(ClusterSharding sharding, Etsi014Settings.Keys keys, InstantSource clock, KeyErasure erasure,
            Predicate<String> revoked) {
        HeldKeys.init(sharding,
                new HeldKeys.Limits(keys.maxCount(), keys.maxOfOneMaster(), keys.lifetime(), keys.redeliveryWindow()), clock, erasure,
                revoked);
    }

    /**
     * Begins to listen for SAEs.
     *
     * @return what JMX shows of it
     * @throws ConfigurationException where that cannot be
     */
    public static KeyDeliveryMXBean listen(Etsi014Settings settings, Parts parts) {
        DeliveryCounters counters = new DeliveryCounters();
        KeyDelivery delivery = new KeyDelivery(ClusterSharding.get(parts.system()), settings, parts.access(), parts.sources(),
                parts.sealer(), new DeliveryAudit(parts.audit(), parts.refusals(), parts.clock()), counters,
                Standing.of(parts.system())::holds);
        TlsContexts tls = settings.identity().map(KeyDeliveryService::ownTls).orElse(parts.tls());
        KeyDeliveryServer server = new KeyDeliveryServer(parts.system(), tls, new HttpApi(parts.system(), delivery, counters),
                settings.connections(), counters);
        String address = HostPort.text(settings.address());
        try {
            server.bind(settings.address()).toCompletableFuture().join();
        } catch (CompletionException e) {
            throw new ConfigurationException("pairspan.kms.etsi-014.host, port", address,
                    "must be a free port at an address of this machine",
                    "choose another, or stop what uses it", e);
        }
        IdleMasters.wakeAll(parts.system(), parts.masters());
        return new KeyDeliveryBean(address, counters);
    }

    private static TlsContexts ownTls(IdentityFiles files) {
        TlsIdentity identity = TlsIdentity.load(files.certificate(), files.privateKey(), files.authority());
        if (identity.identity().role() != Role.KMS) {
            throw new ConfigurationException("pairspan.kms.etsi-014.identity.certificate",
                    files.certificate() + " (" + identity.identity() + ")",
                    "must be a key server's certificate", "issue one with 'pairspan pki kms'");
        }
        return TlsContexts.of(identity);
    }
}
