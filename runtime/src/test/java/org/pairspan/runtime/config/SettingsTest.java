package org.pairspan.runtime.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
    enum Colour { RED, DARK_BLUE }

    @TempDir
    Path folder;

    @Test
    void valuesAreReadWithTheirUnitsAndDefaultsComeFromTheReference() throws IOException {
        Settings settings = load("count = 7, wait = 250 ms, size = 2 MiB, colour = dark-blue, listen = \"[::1]:700\", labels { mine = x }");
        assertEquals(7, settings.integer("count", 1, 10));
        assertEquals(Duration.ofMillis(250), settings.duration("wait", Duration.ZERO, Duration.ofSeconds(1)));
        assertEquals(2 << 20, settings.bytes("size", 0, Long.MAX_VALUE));
        assertEquals(Colour.DARK_BLUE, settings.enumOf("colour", Colour.class));
        assertEquals(700, settings.hostPort("listen").getPort());
        assertEquals("deep default", settings.at("inner").string("depth"));
        assertEquals(List.of(1, 2), settings.parsedList("numbers", "must be numbers", Integer::valueOf));
        assertEquals("x", settings.at("labels").string("mine"));
        assertFalse(settings.has("file"));
    }

    @Test
    void aRelativePathStartsAtTheFilesFolder() throws IOException {
        assertEquals(folder.toAbsolutePath().resolve("keys/a.key"), load("file = keys/x/../a.key").path("file"));
    }

    @Test
    void aMissingFileIsNamedWithItsRemedy() throws IOException {
        Settings settings = load("file = keys/none.key");
        ConfigurationException failure = assertThrows(ConfigurationException.class, () -> settings.existingFile("file"));
        assertEquals("test.file", failure.name());
        assertTrue(failure.value().endsWith("keys/none.key"), failure.value());
    }

    @Test
    void aSettingWithoutValueOrDefaultIsNamed() throws IOException {
        Settings settings = load("");
        ConfigurationException failure = assertThrows(ConfigurationException.class, () -> settings.string("file"));
        assertEquals("test.file", failure.name());
        assertEquals("(missing)", failure.value());
    }

    @ParameterizedTest
    @CsvSource({"cuont = 1, test.cuont, test.count", "inner.depht = 1, test.inner.depht, test.inner.depth"})
    void aMisspeltNameIsRefusedAndTheNearestSuggested(String line, String name, String suggestion) {
        ConfigurationException failure = assertThrows(ConfigurationException.class, () -> load(line));
        assertEquals(name, failure.name());
        assertTrue(failure.remedy().startsWith("did you mean " + suggestion + "?"), failure.remedy());
    }

    @Test
    void aNameOutsideTheRootIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("other.conf"), "tset { count = 1 }");
        assertThrows(ConfigurationException.class, () -> Settings.load(file, "test", "settings-reference.conf", SettingsTest.class));
    }

    @Test
    void everyReaderRefusesWhatIsOutOfItsRange() throws IOException {
        Settings settings = load("count = 11, wait = 2 s, size = 3 MiB, colour = green, listen = \"host:0\"");
        refused(settings, "count", s -> s.integer("count", 1, 10));
        refused(settings, "count", s -> s.count("count", 12, 1L << 40));
        refused(settings, "wait", s -> s.duration("wait", Duration.ZERO, Duration.ofSeconds(1)));
        refused(settings, "size", s -> s.bytes("size", 0, 1 << 20));
        refused(settings, "colour", s -> s.enumOf("colour", Colour.class));
        refused(settings, "listen", s -> s.hostPort("listen"));
        refused(settings, "colour", s -> s.integer("colour", 1, 10));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.0.0.1:", ":80", "127.0.0.1:65536", "127.0.0.1:-1", "::1:80", "127.0.0.1:08", "[::1]80",
        "[name]:80", "user@name:80", "na me:80", "127.0.0.1:99999"})
    void whatIsNoHostAndPortIsRefused(String text) throws IOException {
        refused(load("listen = \"" + text + "\""), "listen", s -> s.hostPort("listen"));
    }

    @Test
    void aFileThatDoesNotParseIsRefusedWithThePlace() {
        ConfigurationException failure = assertThrows(ConfigurationException.class, () -> load("count = = 1"));
        assertTrue(failure.rule().contains("test.conf: 2"), failure.rule());
    }

    @ParameterizedTest
    @ValueSource(strings = {"password = \"hunter2\"", "passwrod = hunter2", "inner { password = hunter2 }", "inner.db-password = hunter2",
        "inner = [{ password = hunter2 }]", "count { password = hunter2 }", "pasword = [hunter2]", "cuont = { x { pin = hunter2 } }",
        "cuont = \"jdbc:postgresql://me:hunter2@host/db\"", "cuont = \"jdbc:postgresql://host/db?user=me&password=hunter2&ssl=true\"",
        "password = hunter2 $ }", "password = hunter2} }", "inner {\n password = \"hunter2\" oops=}", "password : { hunter2", "password = ${hunter2}"})
    void noSecretIsEverShown(String line) {
        Exception failure = assertThrows(ConfigurationException.class, () -> load(line).integer("count", 1, 2));
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            assertFalse(String.valueOf(cause.getMessage()).contains("hunter2"), cause.toString());
        }
    }

    @Test
    void aVariableThatIsNotSetIsNamedAndNothingElseIsSaidOfTheLine() {
        ConfigurationException refused = assertThrows(ConfigurationException.class,
            () -> load("text = \"hunter2\"${NO_SUCH_VARIABLE_OF_ANYBODY}"));
        assertEquals("${NO_SUCH_VARIABLE_OF_ANYBODY}", refused.value());
        assertTrue(refused.getMessage().contains("export NO_SUCH_VARIABLE_OF_ANYBODY"), refused::getMessage);
        assertFalse(refused.getMessage().contains("hunter2"), refused::getMessage);
    }

    @Test
    void whatIsNoSecretIsShown() throws IOException {
        for (String name : List.of("pin-file", "passphrase-file", "key-label", "listen", "authority-key", "opinion", "/etc/token/a.conf")) {
            assertEquals("as it is", new ConfigurationException(name, "as it is", "rule", "remedy").value());
        }
        for (String name : List.of("password", "journal.password", "sealing.pkcs11.pin", "token", "user-token", "Passphrase")) {
            assertEquals("(hidden)", new ConfigurationException(name, "hunter2", "rule", "remedy").value());
        }
    }

    @Test
    void theMessageHasFourLines() {
        assertEquals(4, new ConfigurationException("a", "b", "c", "d").getMessage().lines().count());
    }

    @Test
    void groupsOfTheOperatorsOwnAreLaidOverTheirDefaults() throws IOException {
        Settings settings = load("""
            boxes = [{ width = 7 }, {}]
            shelves { "a.b" { width = 8 }, c {} }
            box-defaults.width = 3
            """);
        assertEquals(List.of(7, 3), settings.each("boxes", "box-defaults").stream().map(box -> box.integer("width", 1, 10)).toList());
        assertEquals(List.of("a.b", "c"), List.copyOf(settings.named("shelves", "box-defaults").keySet()));
        assertEquals(8, settings.named("shelves", "box-defaults").get("a.b").integer("width", 1, 10));
        assertEquals(List.of(), load("").each("boxes", "box-defaults"));
        refused(settings.each("boxes", "box-defaults").get(1), "boxes[1].width", box -> box.integer("width", 1, 2));
        refused(settings.named("shelves", "box-defaults").get("a.b"), "shelves.\"a.b\".width", shelf -> shelf.integer("width", 1, 2));
        refused(load("boxes = [{ widht = 7 }]"), "boxes[0].widht", s -> s.each("boxes", "box-defaults"));
        refused(load("boxes = [7]"), "boxes", s -> s.each("boxes", "box-defaults"));
        refused(load("shelves { c { widht = 7 } }"), "shelves.c.widht", s -> s.named("shelves", "box-defaults"));
        refused(load("shelves { c = 7 }"), "shelves.c", s -> s.named("shelves", "box-defaults"));
    }

    private static void refused(Settings settings, String name, Consumer<Settings> reader) {
        assertEquals("test." + name, assertThrows(ConfigurationException.class, () -> reader.accept(settings)).name());
    }

    private Settings load(String body) throws IOException {
        Path file = Files.writeString(folder.resolve("test.conf"), "test {\n" + body + "\n}\n");
        return Settings.load(file, "test", "settings-reference.conf", SettingsTest.class);
    }
}
