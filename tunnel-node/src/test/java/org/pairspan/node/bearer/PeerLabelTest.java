package org.pairspan.node.bearer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pairspan.protocol.association.Spi;

class PeerLabelTest {
    @ParameterizedTest
    @CsvSource({"1, 0, /240.0.0.1:1", "258, 1, /240.0.1.2:2", Spi.MAX_MEMBER_NUMBER + ", 65534, /240.15.255.255:65535", "1, 65535, /240.0.0.1:1",
        "1, -1, /240.0.0.1:1"})
    void aLabelIsTheMemberNumberAndThePortWhichOpeningItIs(int number, int opening, String label) {
        assertEquals(label, PeerLabel.of(number, opening).toString());
        assertEquals(number, PeerLabel.peerNumber(PeerLabel.of(number, opening)));
    }
}
