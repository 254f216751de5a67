package org.pairspan.protocol.address;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpPrefixTest {
    @ParameterizedTest
    @CsvSource({
        "10.1.0.0/16, 10.1.0.0/16", "0.0.0.0/0, 0.0.0.0/0", "192.0.2.7, 192.0.2.7/32", "10.128.0.0/9, 10.128.0.0/9",
        "::/0, ::/0", "2001:DB8::/32, 2001:db8::/32", "::1, ::1/128", "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1/128",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1/128", "fe80:0:0:0:0:0:0:0/10, fe80::/10", "1:0:0:2:0:0:0:3, 1:0:0:2::3/128",
        "0:0:1:0:0:0:0:0/48, 0:0:1::/48"})
    void aPrefixHasOneCanonicalText(String text, String canonical) {
        assertEquals(canonical, IpPrefix.parse(text).toString());
        assertEquals(IpPrefix.parse(text), IpPrefix.parse(canonical));
        assertEquals(IpPrefix.parse(text).hashCode(), IpPrefix.parse(canonical).hashCode());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "10.1.0.0/", "10.1.0.0/33", "10.1.0.0/-1", "10.1.0.0/016", "10.1.0.1/16", "10.1/16", "010.1.0.0/16", "1.2.3.256",
        "localhost", "example.org/24", "2001:db8::/129", "2001:db8::1/64", "::ffff:10.0.0.1", "::ffff:0:0/96", "fe80::1%eth0", "1::2::3", ":",
        "10.1.0.0/16/2", " 10.1.0.0/16", "10.1.0.0/99999999999"})
    void whatIsNoPrefixIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> IpPrefix.parse(text));
    }

    @Test
    void aPrefixContainsItsOwnAddressesOnly() {
        IpPrefix prefix = IpPrefix.parse("10.64.0.0/10");
        assertTrue(prefix.contains(new byte[] {10, 127, (byte) 255, (byte) 255}));
        assertFalse(prefix.contains(new byte[] {10, (byte) 128, 0, 0}));
        assertFalse(prefix.contains(new byte[] {10, 63, 0, 0}));
        assertFalse(prefix.contains(new byte[16]));
        assertTrue(IpPrefix.parse("::/0").contains(new byte[16]));
        assertFalse(IpPrefix.parse("::/0").contains(new byte[4]));
    }

    @Test
    void prefixesOverlapWhenOneContainsTheOther() {
        IpPrefix wide = IpPrefix.parse("10.0.0.0/8");
        IpPrefix narrow = IpPrefix.parse("10.9.0.0/16");
        assertTrue(wide.contains(narrow));
        assertFalse(narrow.contains(wide));
        assertTrue(narrow.overlaps(wide) && wide.overlaps(narrow));
        assertFalse(narrow.overlaps(IpPrefix.parse("10.8.0.0/16")));
    }

    @Test
    void orderIsFamilyThenAddressThenLength() {
        List<String> ordered = List.of("10.0.0.0/8", "10.0.0.0/16", "192.0.2.0/24", "::/0", "2001:db8::/32");
        assertEquals(ordered, Stream.of(4, 2, 0, 3, 1).map(ordered::get).map(IpPrefix::parse).sorted().map(IpPrefix::toString).toList());
    }

    @Test
    void theValueCannotBeChangedFromOutside() {
        byte[] octets = {10, 0, 0, 0};
        IpPrefix prefix = IpPrefix.ofBytes(octets, 8);
        octets[0] = 11;
        prefix.address()[0] = 12;
        assertArrayEquals(new byte[] {10, 0, 0, 0}, prefix.address());
    }

    @Test
    void theErrorForHostBitsNamesThePrefixThatWasMeant() {
        String message = assertThrows(IllegalArgumentException.class, () -> IpPrefix.parse("10.1.2.3/16")).getMessage();
        assertTrue(message.contains("10.1.0.0/16"), message);
    }
}
