package org.pairspan.kms.delivery;

import static org.junit.jupiter.api.Assertions.assertFalse;

import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.Test;

class KeyDeliveryServerTest {

    @Test
    void noLimitOfTheLibraryComesBeforeTheOperatorsRequestTimeout() {
        ActorTestKit testKit = ActorTestKit.create();
        try {
            assertFalse(KeyDeliveryServer.settings(testKit.system()).getTimeouts().requestTimeout().isFinite());
        } finally {
            testKit.shutdownTestKit();
        }
    }
}
