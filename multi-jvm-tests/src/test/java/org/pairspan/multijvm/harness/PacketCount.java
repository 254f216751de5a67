package org.pairspan.multijvm.harness;

import org.pairspan.cli.lab.wire.PcapFile;
import org.pairspan.protocol.address.IpLiteral;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/** Counts the IPv4 packets in a capture that one address sent, but for what its kernel says by ICMP of ports that have gone. */
public final class PacketCount {

    private static final int SOURCE_ADDRESS = 14 + 12;
    private static final int PROTOCOL = 14 + 9;
    private static final int ICMP = 1;
    private static final int IPV4 = 0x08;

    private PacketCount() {
    }

    public static int from(String sender, Path capture) throws IOException {
        final MemorySegment address = MemorySegment.ofArray(IpLiteral.parse(sender));
        final int[] count = new int[1];
        PcapFile.read(capture, (file, offset, length, timeNs) -> {
            if (length >= SOURCE_ADDRESS + 4 && file.get(ValueLayout.JAVA_BYTE, offset + 12) == IPV4
                && file.get(ValueLayout.JAVA_BYTE, offset + 13) == 0
                && file.get(ValueLayout.JAVA_BYTE, offset + PROTOCOL) != ICMP
                && MemorySegment.mismatch(file, offset + SOURCE_ADDRESS, offset + SOURCE_ADDRESS + 4, address, 0, 4) < 0) {
                count[0]++;
            }
        }, () -> { });
        return count[0];
    }
}
