package org.pairspan.kms.policy.keeping;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.pairspan.kms.audit.Administration;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.runtime.jmx.ManagedBeans;

/** The policy on one key server: starts what keeps it up to date, and what operators see of it. */
public final class PolicyService {

    private PolicyService() {
    }

    /**
     * Starts it.
     *
     * @param server         this server's name
     * @param suites         that the service allows at all, best first
     * @param bound          longest time for which this server goes on by a policy that it cannot make sure of
     * @param administration records what operators do
     * @param beans          get the operators' one
     * @return decides by the policy in force from soon on; until it is known, nothing is decided
     */
    public static PolicyInForce start(ActorSystem<?> system, String server, List<Suite> suites, Duration bound, Administration administration,
            ManagedBeans beans) {
        ClusterSharding sharding = ClusterSharding.get(system);
        KeyPolicy.init(sharding, InstantSource.system());
        PolicyInForce inForce = new PolicyInForce(bound, System::nanoTime);
        system.systemActorOf(PolicyKeeper.create(server, KeyPolicy.of(sharding), suites, inForce, System::nanoTime), "policy-keeper",
                Props.empty());
        beans.register(new KeyPolicyBean(inForce, new PolicyDesk(sharding), suites, administration), "KeyPolicy", server);
        return inForce;
    }
}
