package org.pairspan.node.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pairspan.node.keyring.PeerTerms;
import org.pairspan.node.policy.TrafficClass;
import org.pairspan.protocol.padding.PaddingMode;
import org.pairspan.protocol.padding.PaddingSettings;

class PeerSettingsTest {

    @ParameterizedTest
    @CsvSource({"NONE 0, NONE 0, NONE 0", "NONE 0, MULTIPLE 64, MULTIPLE 64", "MULTIPLE 64, NONE 0, MULTIPLE 64", "MULTIPLE 64, MULTIPLE 256, MULTIPLE 256",
        "MULTIPLE 512, MULTIPLE 256, MULTIPLE 512", "FULL 0, MULTIPLE 65536, FULL 0", "MULTIPLE 65536, FULL 0, FULL 0",
        "FULL 0, CONSTANT_RATE 50000, CONSTANT_RATE 50000", "CONSTANT_RATE 20000, CONSTANT_RATE 50000, CONSTANT_RATE 20000",
        "CONSTANT_RATE 50000, CONSTANT_RATE 20000, CONSTANT_RATE 20000"})
    void theLargerPaddingWins(String own, String asked, String used) {
        assertEquals(padding(used), new PeerSettings(false, padding(own)).under(new PeerTerms(Optional.empty(), padding(asked), false,
                Optional.empty())).padding());
    }

    @Test
    void eitherOneMakesItStrictAndTheUsualClassIsThePolicys() {
        PeerTerms terms = new PeerTerms(Optional.of(TrafficClass.RELIABLE), PaddingSettings.OFF, true, Optional.empty());

        assertEquals(new PeerSettings(true, PaddingSettings.OFF, TrafficClass.RELIABLE), new PeerSettings(false, PaddingSettings.OFF).under(terms));
        assertEquals(new PeerSettings(true, PaddingSettings.OFF), new PeerSettings(true, PaddingSettings.OFF).under(PeerTerms.NONE));
    }

    private static PaddingSettings padding(String text) {
        PaddingMode mode = PaddingMode.valueOf(text.split(" ")[0]);
        int number = Integer.parseInt(text.split(" ")[1]);
        return new PaddingSettings(mode, mode == PaddingMode.MULTIPLE ? number : 0, mode == PaddingMode.CONSTANT_RATE ? number : 0);
    }
}
