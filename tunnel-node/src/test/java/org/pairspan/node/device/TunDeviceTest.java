package org.pairspan.node.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real TUN devices, each test in a network namespace that lives as long as its process ({@link TunProbe}). */
@Timeout(120)
class TunDeviceTest {
    @BeforeAll
    static void onlyWhereNamespacesAreAllowed() throws Exception {
        NamespaceProbe.assumeAllowed();
    }

    @Test
    void aTcpStreamPassesInStretchesOfSixtyKilobytesOverIpv4() throws Exception {
        checkTraffic("10.77.0.1/24", "10.77.0.2");
    }

    @Test
    void aTcpStreamPassesInStretchesOfSixtyKilobytesOverIpv6() throws Exception {
        NamespaceProbe.assumeIpv6();
        checkTraffic("fd77::1/64", "fd77::2");
    }

    @Test
    void refusalsSayWhatToDo() throws Exception {
        Map<String, String> found = NamespaceProbe.run(TunProbe.class, "refusals");
        assertTrue(found.get("name in use").contains("choose another name"), found.toString());
        assertTrue(found.get("address refused").contains("'ip address add 10.78.0.1/24 dev probe1' failed"), found.toString());
        assertTrue(found.get("route refused").contains("another device has it already"), found.toString());
    }

    @Test
    void withoutTheCapabilityTheMessageNamesIt() throws Exception {
        Map<String, String> found = NamespaceProbe.runPowerless(TunProbe.class, "refusals");
        assertTrue(found.get("cannot open").contains("needs CAP_NET_ADMIN"), found.toString());
    }

    private static void checkTraffic(String one, String two) throws Exception {
        Map<String, String> found = NamespaceProbe.run(TunProbe.class, "traffic", one, two);
        assertEquals("true", found.get("intact"), found.toString());
        assertEquals("0", found.get("invalid"), "the header the kernel gives must be the one we would make: " + found);
        assertEquals("0", found.get("refused"), found.toString());
        int largest = Integer.parseInt(found.get("largest"));
        assertTrue(largest > 50_000 && largest <= PacketDevice.LONGEST_PACKET, found.toString());
    }
}
