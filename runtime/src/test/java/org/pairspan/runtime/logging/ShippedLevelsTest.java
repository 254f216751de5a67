package org.pairspan.runtime.logging;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class ShippedLevelsTest {
    @ParameterizedTest
    @ValueSource(strings = {"remote.PhiAccrualFailureDetector", "cluster.sharding.DDataShardCoordinator", "cluster.sharding.ShardRegion"})
    void whatACalmClusterWarnsAboutIsQuietAndItsErrorsAreNot(String logger) {
        assertFalse(LoggerFactory.getLogger("org.apache.pekko." + logger).isWarnEnabled());
        assertTrue(LoggerFactory.getLogger("org.apache.pekko." + logger).isErrorEnabled());
    }

    @ParameterizedTest
    @ValueSource(strings = {"cluster.Cluster", "cluster.ClusterHeartbeat", "actor.CoordinatedShutdown", "cluster.sbr.SplitBrainResolver"})
    void warningsOfALostServerOrAStarvedOneAreTold(String logger) {
        assertTrue(LoggerFactory.getLogger("org.apache.pekko." + logger).isWarnEnabled());
    }
}
