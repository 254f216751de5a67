package org.pairspan.node.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceSettingsTest {
    @ParameterizedTest
    @ValueSource(strings = {"10.1.0.1/24", "10.1.0.1/32", "0.0.0.1/0", "2001:db8::1/64", "2001:db8::1/128"})
    void anAddressIsReadAndWrittenAlike(String text) {
        assertEquals(text, InterfaceAddress.parse(text).toString());
    }

    @Test
    void anAddressAloneIsAloneInItsNetwork() {
        assertEquals("10.1.0.1/32", InterfaceAddress.parse("10.1.0.1").toString());
        assertEquals("2001:db8::1/128", InterfaceAddress.parse("2001:db8::1").toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/24", "10.1.0.1/", "10.1.0.1/33", "10.1.0.1/-1", "10.1.0.1/08", "10.1.0/24", "2001:db8::1/129",
        "example.org/24", "10.1.0.1/24/24"})
    void whatIsNoAddressIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> InterfaceAddress.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-x", ".", "a b", "a/b", "sixteen-letters-", "tun%d", "tun;reboot"})
    void aNameTheKernelWouldNotTakeIsRefused(String name) {
        assertThrows(IllegalArgumentException.class, () -> new DeviceSettings(name, 1400, 500, List.of()));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1279, 61_441})
    void anMtuOutOfRangeIsRefused(int mtu) {
        assertThrows(IllegalArgumentException.class, () -> new DeviceSettings("ps0", mtu, 500, List.of()));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0, 15, 16_385})
    void aQueueThatWouldDropAllOrHoldSecondsIsRefused(int length) {
        assertThrows(IllegalArgumentException.class, () -> new DeviceSettings("ps0", 1400, length, List.of()));
    }
}
