package org.pairspan.runtime.identity;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.security.cert.CertificateException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pairspan.protocol.address.IpPrefix;

class GrantedPrefixesTest {
    /** The IPv4 prefixes of RFC 3779 appendix B, without its subsequent address family: 10.0.32/20, 10.0.64/24, 10.1/16, 10.2.48/20, 10.2.64/24, 10.3/16. */
    @Test
    void thePrefixesOfTheRfcsExampleAreWrittenAsItWritesThem() throws CertificateException {
        List<IpPrefix> prefixes = prefixes("10.0.32.0/20", "10.0.64.0/24", "10.1.0.0/16", "10.2.48.0/20", "10.2.64.0/24", "10.3.0.0/16");
        byte[] expected = HexFormat.of().parseHex("302a" + "3028" + "0402" + "0001" + "3022"
            + "0304040a0020" + "0304000a0040" + "0303000a01" + "0304040a0230" + "0304000a0240" + "0303000a03");
        assertArrayEquals(expected, GrantedPrefixes.encode(prefixes));
        assertEquals(prefixes, GrantedPrefixes.decode(expected));
    }

    @Test
    void bothFamiliesAreWrittenInOrderAndReadBack() throws CertificateException {
        assertEquals(prefixes("0.0.0.0/0", "2001:db8::/33", "2001:db9::/32"),
            GrantedPrefixes.decode(GrantedPrefixes.encode(prefixes("2001:db9::/32", "2001:db8::/33", "0.0.0.0/0"))));
    }

    @Test
    void whatIsContainedIsLeftOutAndHalvesBecomeOne() throws CertificateException {
        assertEquals(prefixes("10.0.0.0/22", "10.0.5.0/24", "10.0.6.0/24"), GrantedPrefixes.decode(GrantedPrefixes.encode(
            prefixes("10.0.2.0/24", "10.0.0.0/24", "10.0.1.0/24", "10.0.3.0/24", "10.0.3.128/25", "10.0.5.0/24", "10.0.6.0/24"))));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "00", "3000ff", "04020001",
        "300830060402000105" + "00",                            // inherit
        "3014301204020001300c300a0303000a010303000a02",         // a range
        "300c300a040300010130030301" + "00",                    // a subsequent address family
        "300c300a0402000330040302000a",                         // an unknown family
        "3010300e04020001300803060" + "00a00000001",            // longer than an address
        "300d300b0402000130050303040aff"})                      // bits beyond the length
    void whatIsNoPlainListOfPrefixesIsRefused(String hex) {
        assertThrows(CertificateException.class, () -> GrantedPrefixes.decode(HexFormat.of().parseHex(hex)));
    }

    private static List<IpPrefix> prefixes(String... texts) {
        return Stream.of(texts).map(IpPrefix::parse).toList();
    }
}
