package org.pairspan.kms.cluster;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import org.apache.pekko.persistence.testkit.javadsl.EventSourcedBehaviorTestKit;

/** Configuration of an actor system whose entities keep their journal in memory, through the serializer of the real one. */
public final class EntityTestKit {

    private EntityTestKit() {
    }

    public static Config config() {
        return ConfigFactory.parseString("""
                pekko.actor {
                  allow-java-serialization = off
                  serializers.pairspan = "org.pairspan.kms.serialization.KryoSerializer"
                  serialization-bindings."org.pairspan.kms.cluster.ClusterMessage" = pairspan
                }
                """).withFallback(EventSourcedBehaviorTestKit.config());
    }
}
