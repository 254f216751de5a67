package org.pairspan.node.bearer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pairspan.protocol.association.Spi;

class PeerLabelTest {
    @ParameterizedTest
    @CsvSource({"1, /240.0.0.1:1", "258, /240.0.1.2:1", Spi.MAX_MEMBER_NUMBER + ", /240.15.255.255:1"})
    void aLabelIsTheMemberNumber(int number, String label) {
        assertEquals(label, PeerLabel.of(number).toString());
        assertEquals(number, PeerLabel.peerNumber(PeerLabel.of(number)));
    }
}
