package org.pairspan.kms.sealing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pairspan.runtime.config.ConfigurationException;

class MasterKeyTest {

    private static final byte[] SALT = new byte[Argon2Settings.SALT_LENGTH];

    @TempDir
    Path folder;
    private Path file;

    @BeforeEach
    void nameFile() {
        file = folder.resolve("secret");
    }

    @Test
    void aCreatedKeyIsReadBackAndNobodyElseMayReadIt() throws IOException {
        MasterKey.create(file);
        assertEquals(MasterKey.LENGTH, MasterKey.read("setting", file).length);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertThrows(FileAlreadyExistsException.class, () -> MasterKey.create(file));
    }

    @Test
    void aKeyThatOthersMayReadIsRefused() throws IOException {
        MasterKey.create(file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        ConfigurationException refused = assertThrows(ConfigurationException.class, () -> MasterKey.read("setting", file));
        assertTrue(refused.remedy().contains("chmod 600"));
    }

    @Test
    void aMissingOrMalformedKeyIsRefused() throws IOException {
        assertThrows(ConfigurationException.class, () -> MasterKey.read("setting", file));
        write("0123");
        assertThrows(ConfigurationException.class, () -> MasterKey.read("setting", file));
        write("g".repeat(64));
        assertThrows(ConfigurationException.class, () -> MasterKey.read("setting", file));
        write("0".repeat(65));
        assertThrows(ConfigurationException.class, () -> MasterKey.read("setting", file));
    }

    @Test
    void aPassphraseGivesTheSameKeyWithAndWithoutALineEnd() throws IOException {
        write("correct horse battery staple");
        byte[] key = Argon2Settings.withSalt(SALT).derive(Passphrase.read("setting", file));
        write("correct horse battery staple\r\n");
        assertArrayEquals(key, Argon2Settings.parse(Argon2Settings.withSalt(SALT).bytes()).derive(Passphrase.read("setting", file)));
        assertEquals(MasterKey.LENGTH, key.length);
    }

    @Test
    void aShortPassphraseIsRefused() throws IOException {
        write("too short");
        assertThrows(ConfigurationException.class, () -> Passphrase.read("setting", file));
    }

    private void write(String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
}
