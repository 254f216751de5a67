package org.pairspan.node.offload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.pairspan.node.device.NamespaceProbe;

/** What was cut and gathered, held against a real kernel ({@link TunOffloadProbe}). */
@Timeout(120)
class TunOffloadTest {
    @BeforeAll
    static void onlyWhereNamespacesAreAllowed() throws Exception {
        NamespaceProbe.assumeAllowed();
    }

    @Test
    void aTcpStreamThatIsCutAndGatheredArrivesIntactOverIpv4() throws Exception {
        checkStream("10.77.0.1/24", "10.77.0.2");
    }

    @Test
    void aTcpStreamThatIsCutAndGatheredArrivesIntactOverIpv6() throws Exception {
        NamespaceProbe.assumeIpv6();
        checkStream("fd77::1/64", "fd77::2");
    }

    @Test
    void gatheredDatagramsReachTheirSocketOneByOneOverIpv4() throws Exception {
        checkDatagrams("10.77.0.1/24", "10.77.0.2");
    }

    @Test
    void gatheredDatagramsReachTheirSocketOneByOneOverIpv6() throws Exception {
        NamespaceProbe.assumeIpv6();
        checkDatagrams("fd77::1/64", "fd77::2");
    }

    @Test
    void datagramsThatASocketSentInOneCallAreReadOneByOne() throws Exception {
        checkSegmented("10.77.0.1/24", "10.77.0.2");
    }

    @Test
    void datagramsThatASocketSentInOneCallAreReadOneByOneOverIpv6() throws Exception {
        NamespaceProbe.assumeIpv6();
        checkSegmented("fd77::1/64", "fd77::2");
    }

    @Test
    void theKernelBelievesThatAPacketIsTooBig() throws Exception {
        Map<String, String> found = NamespaceProbe.run(TunOffloadProbe.class, "too-big", "10.77.0.1/24", "10.77.0.2");
        assertTrue(found.get("route").contains("mtu 1300"), found.toString());
    }

    private static void checkStream(String one, String two) throws Exception {
        Map<String, String> found = NamespaceProbe.run(TunOffloadProbe.class, "stream", one, two);
        assertEquals("true", found.get("intact"), found.toString());
        assertEquals("0", found.get("drops"), found.toString());
        assertEquals("0", found.get("too long"), found.toString());
        long segments = Long.parseLong(found.get("segments"));
        assertTrue(segments > 6_000, found.toString());
        assertTrue(Long.parseLong(found.get("frames")) < segments / 2, found.toString());
    }

    private static void checkDatagrams(String one, String two) throws Exception {
        Map<String, String> found = NamespaceProbe.run(TunOffloadProbe.class, "datagrams", one, two);
        assumeTrue("true".equals(found.get("takes")), "skipped: this kernel takes no UDP in stretches (Linux 6.2 does)");
        assertEquals("64", found.get("received"), found.toString());
        assertEquals("0", found.get("drops"), found.toString());
        assertEquals("1", found.get("frames"), found.toString());
    }

    private static void checkSegmented(String one, String two) throws Exception {
        Map<String, String> found = NamespaceProbe.run(TunOffloadProbe.class, "segmented", one, two);
        assertEquals("30", found.get("number"), found.toString());
        assertEquals("30", found.get("right"), found.toString());
        assumeTrue("true".equals(found.get("takes")), "skipped: this kernel gives no UDP in stretches (Linux 6.2 does)");
        assertEquals("1", found.get("given"), found.toString());
    }
}
