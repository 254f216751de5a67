package org.pairspan.node.keyring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.runtime.config.ConfigurationException;

class EspKeyExportTest {
    @TempDir
    private Path folder;

    @Test
    void eachDirectionIsOneLineOfWiresharksTable() throws Exception {
        Path file = folder.resolve("esp_sa");
        AssociationGrant grant = Messages.offer(3).derive(Messages.OWN_ID);
        try (EspKeyExport export = EspKeyExport.open(file)) {
            export.accept(grant);
        }
        HexFormat hex = HexFormat.of();
        assertEquals(List.of(
                "\"IPv4\",\"*\",\"192.0.2.2\",\"0x00001180\",\"AES-GCM with 16 octet ICV [RFC4106]\",\"0x"
                        + hex.formatHex(grant.outboundKeys().aeadKey()) + hex.formatHex(grant.outboundKeys().salt()) + "\",\"NULL\",\"\"",
                "\"IPv4\",\"192.0.2.2\",\"*\",\"0x00002180\",\"AES-GCM with 16 octet ICV [RFC4106]\",\"0x"
                        + hex.formatHex(grant.inboundKeys().aeadKey()) + hex.formatHex(grant.inboundKeys().salt()) + "\",\"NULL\",\"\""),
                Files.readAllLines(file));
    }

    @Test
    void theFileIsItsOwnersOnlyEvenWhenItWasThereBefore() throws Exception {
        Path file = Files.writeString(folder.resolve("esp_sa"), "");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        EspKeyExport.open(file).close();
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void suitesThatTheTableDoesNotKnowAreLeftOut() throws Exception {
        Path file = folder.resolve("esp_sa");
        try (EspKeyExport export = EspKeyExport.open(file)) {
            export.accept(Messages.offer(Messages.association(1).setSuite(Suite.SM4_GCM.wireNumber())).derive(Messages.OWN_ID));
        }
        assertEquals(0, Files.size(file));
    }

    @Test
    void aFileThatCannotBeOpenedStopsTheStart() {
        ConfigurationException error = assertThrows(ConfigurationException.class, () -> EspKeyExport.open(folder.resolve("none/esp_sa")));
        assertTrue(error.name().endsWith("export-keys-to"));
    }
}
