package org.pairspan.node.keyring;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.Set;
import java.util.function.Consumer;
import org.pairspan.protocol.association.Spi;
import org.pairspan.protocol.association.TrafficKeys;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.runtime.config.ConfigurationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * For the laboratory: writes the key of each association to a file, as lines of Wireshark's {@code esp_sa} table, one a direction.
 * Whoever reads the file reads the traffic. Only AES-256-GCM, which is what that table knows.
 */
public final class EspKeyExport implements Consumer<AssociationGrant>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EspKeyExport.class);
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final String SETTING = "pairspan.node.debug.export-keys-to";
    private static final String LINE =
            "\"%s\",\"%s\",\"%s\",\"0x%08x\",\"AES-GCM with 16 octet ICV [RFC4106]\",\"0x%s%s\",\"NULL\",\"\"%n";
    private static final String ANY = "*";

    private final Path file;
    private final FileChannel channel;

    private EspKeyExport(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * Opens the file for appending, readable by its owner only, and warns.
     *
     * @throws ConfigurationException when it can't be opened so.
     */
    public static EspKeyExport open(Path file) {
        FileAttribute<Set<PosixFilePermission>> ownerOnly = PosixFilePermissions.asFileAttribute(OWNER_ONLY);
        Set<OpenOption> options = Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND, LinkOption.NOFOLLOW_LINKS);
        try {
            FileChannel channel = FileChannel.open(file, options, ownerOnly);
            Files.setPosixFilePermissions(file, OWNER_ONLY);
            LOG.warn("THE KEYS OF ALL TUNNELS ARE BEING WRITTEN TO {}: whoever reads it reads the traffic."
                    + " Unset {} outside a laboratory.", file, SETTING);
            return new EspKeyExport(file, channel);
        } catch (IOException e) {
            throw new ConfigurationException(SETTING, file.toString(), "must be a file that this process can write and own: " + e,
                    "correct the path, or leave the setting out", e);
        }
    }

    /** What operators must know while this is on. */
    public String warning() {
        return "the keys of all tunnels are being written to " + file;
    }

    @Override
    public void accept(AssociationGrant grant) {
        export(grant, Spi.BOOTSTRAP_EPOCH, grant.outboundKeys(), grant.inboundKeys());
    }

    /**
     * Writes the keys of one epoch of a generation. Any control thread.
     *
     * @param grant of the generation.
     */
    public synchronized void export(AssociationGrant grant, int epoch, TrafficKeys outbound, TrafficKeys inbound) {
        if (grant.suite() != Suite.AES_256_GCM) {
            LOG.warn("The key of {} is not exported: Wireshark's table does not know {}", grant.peerId(), grant.suite().wireName());
            return;
        }
        InetAddress peer = grant.peerBearer().getAddress();
        String lines = line(peer, ANY, peer.getHostAddress(), Spi.of(grant.ownNumber(), grant.generation(), epoch), outbound)
                + line(peer, peer.getHostAddress(), ANY, Spi.of(grant.peerNumber(), grant.generation(), epoch), inbound);
        try {
            ByteBuffer bytes = ByteBuffer.wrap(lines.getBytes(StandardCharsets.US_ASCII));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            LOG.error("The key of {} could not be written to {}", grant.peerId(), file, e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.error("{} could not be closed", file, e);
        }
    }

    private static String line(InetAddress peer, String source, String destination, int spi, TrafficKeys keys) {
        HexFormat hex = HexFormat.of();
        return LINE.formatted(peer instanceof Inet6Address ? "IPv6" : "IPv4", source, destination, spi,
                hex.formatHex(keys.aeadKey()), hex.formatHex(keys.salt()));
    }
}
