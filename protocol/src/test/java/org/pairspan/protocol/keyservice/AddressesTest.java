package org.pairspan.protocol.keyservice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.ByteString;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pairspan.protocol.address.IpPrefix;

class AddressesTest {
    @ParameterizedTest
    @ValueSource(strings = {"10.1.0.0/16", "0.0.0.0/0", "192.0.2.1/32", "2001:db8::/32", "::/0"})
    void aPrefixComesBackAsItWent(String text) throws MalformedMessageException {
        IpPrefix prefix = IpPrefix.parse(text);
        assertEquals(prefix, Addresses.prefix(Addresses.message(prefix)));
        assertEquals(List.of(prefix, prefix),
            Addresses.prefixes(List.of(Addresses.message(prefix), Addresses.message(prefix))));
    }

    @ParameterizedTest
    @CsvSource({"'', 0", "0a0100, 16", "0a010000, 33", "0a010001, 16", "0a010000, -1", "20010db8000000000000000000000000, 129"})
    void aMalformedPrefixIsRefused(String address, int length) {
        Prefix message = Prefix.newBuilder().setAddress(bytes(address)).setLength(length).build();
        assertThrows(MalformedMessageException.class, () -> Addresses.prefix(message));
    }

    @Test
    void anEndpointComesBackAsItWent() throws MalformedMessageException, UnknownHostException {
        for (String address : List.of("192.0.2.7", "2001:db8::7")) {
            InetSocketAddress endpoint = new InetSocketAddress(InetAddress.getByName(address), 40_000);
            assertEquals(endpoint, Addresses.endpoint(Addresses.message(endpoint)));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "c0000207, 0", "c0000207, 65536", "c0000207, -1",
        "'', 1", "c00002, 1",
        "00000000, 1", "e0000001, 1", "00000000000000000000000000000000, 1", "ff020000000000000000000000000001, 1",
        "00000000000000000000ffffc0000207, 1"})
    void aMalformedEndpointIsRefused(String address, int port) {
        Endpoint message = Endpoint.newBuilder().setAddress(bytes(address)).setPort(port).build();
        assertThrows(MalformedMessageException.class, () -> Addresses.endpoint(message));
    }

    @Test
    void anUnresolvedEndpointIsNotSent() {
        assertThrows(IllegalArgumentException.class,
            () -> Addresses.message(InetSocketAddress.createUnresolved("nowhere.invalid", 1)));
    }

    private static ByteString bytes(String hex) {
        return ByteString.copyFrom(HexFormat.of().parseHex(hex));
    }
}
