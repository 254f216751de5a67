package org.pairspan.runtime.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostPortTest {
    @ParameterizedTest
    @CsvSource({"kms-1.example:7400, kms-1.example, 7400", "192.0.2.1:1, 192.0.2.1, 1", "[2001:db8::1]:65535, 2001:db8::1, 65535",
        "[fe80::1%eth0]:80, fe80::1%eth0, 80"})
    void whatIsReadIsNotLookedUpAndWrittenAsItWas(String text, String host, int port) {
        InetSocketAddress address = HostPort.parse(text);
        assertTrue(address.isUnresolved());
        assertEquals(host, address.getHostString());
        assertEquals(port, address.getPort());
        assertEquals(text, HostPort.text(address));
    }

    @Test
    void aResolvedAddressIsWrittenAsANumber() {
        assertEquals("[0:0:0:0:0:0:0:1]:80", HostPort.text(new InetSocketAddress("::1", 80)));
        assertEquals("127.0.0.1:80", HostPort.text(new InetSocketAddress("127.0.0.1", 80)));
    }
}
