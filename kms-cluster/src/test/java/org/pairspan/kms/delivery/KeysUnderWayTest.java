package org.pairspan.kms.delivery;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;

class KeysUnderWayTest {

    private final KeysUnderWay underWay = new KeysUnderWay();

    @Test
    void anAnswerIsEncryptedAndOverwrittenItselfAndOnce() {
        byte[] answer = {1, 2, 3};
        ByteString element = underWay.add(answer);
        assertSame(answer, underWay.encryptable(element));
        assertNotSame(answer, underWay.encryptable(element));
        underWay.end();
        assertArrayEquals(new byte[] {1, 2, 3}, answer);
    }

    @Test
    void whatIsNoAnswerIsCopiedForItMayBeOfUseToOthers() {
        underWay.add(new byte[] {1, 2, 3});
        byte[] header = {1, 2, 3};
        byte[] copy = underWay.encryptable(ByteString.fromArrayUnsafe(header));
        assertNotSame(header, copy);
        assertArrayEquals(header, copy);
    }

    @Test
    void whatIsUnderWayWhenTheConnectionEndsIsOverwrittenAndWhatComesLater() {
        byte[] before = {1, 2, 3};
        underWay.add(before);
        underWay.end();
        assertArrayEquals(new byte[3], before);
        byte[] after = {1, 2, 3};
        underWay.add(after);
        assertArrayEquals(new byte[3], after);
    }
}
