package org.pairspan.kms.delivery;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;
import org.pairspan.kms.endpoint.UnsentSecrets;

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

    @Test
    void anAnswerWithKeysIsHandedOverItselfAndWhatElseGoesOutAsACopy() {
        UnsentSecrets unsent = new UnsentSecrets();
        byte[] answer = {1, 2, 3};
        unsent.add(answer);
        ByteString header = ByteString.fromArrayUnsafe(new byte[] {1, 2, 3});
        assertNotSame(header.toArrayUnsafe(), KeyDeliveryServer.encryptable(header, unsent));
        assertArrayEquals(header.toArrayUnsafe(), KeyDeliveryServer.encryptable(header, unsent));
        assertSame(answer, KeyDeliveryServer.encryptable(ByteString.fromArrayUnsafe(answer), unsent));
    }

    @Test
    void anAnswerWithKeysIsOverwrittenWhenTheConnectionEndsAndAfterwards() {
        UnsentSecrets unsent = new UnsentSecrets();
        byte[] before = {1, 2, 3};
        unsent.add(before);
        unsent.end();
        assertArrayEquals(new byte[3], before);
        byte[] after = {1, 2, 3};
        unsent.add(after);
        assertArrayEquals(new byte[3], after);
    }
}
