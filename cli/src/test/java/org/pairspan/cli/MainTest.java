package org.pairspan.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pairspan.kms.sealing.KeyShare;
import org.pairspan.kms.sealing.ShareSet;
import picocli.CommandLine;

class MainTest {
    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @MethodSource("commands")
    void everyCommandExplainsItselfWithItsPurposeAndAnExample(String command) {
        assertEquals(0, run((command + " --help").trim().split(" ")));
        assertTrue(out.toString().contains("Usage: " + ("pairspan " + command).trim()), out.toString());
        CommandLine found = Main.commandLine();
        for (String name : command.isEmpty() ? new String[0] : command.split(" ")) {
            found = found.getSubcommands().get(name);
        }
        CommandLine.Model.UsageMessageSpec usage = found.getCommandSpec().usageMessage();
        assertTrue(String.join(" ", usage.description()).length() > 20, "what is it for?");
        assertTrue(command.isEmpty() || String.join(" ", usage.footer()).contains("pairspan " + command), "no example of it");
    }

    /** Each with its parents, the first without any. */
    static Stream<String> commands() {
        return paths("", Main.commandLine());
    }

    private static Stream<String> paths(String path, CommandLine command) {
        return Stream.concat(Stream.of(path.strip()),
            command.getSubcommands().entrySet().stream().flatMap(below -> paths(path + " " + below.getKey(), below.getValue())));
    }

    @Test
    void theVersionIsShown() {
        assertEquals(0, run("--version"));
        assertTrue(out.toString().startsWith("pairspan "), out.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "kms", "node", "pki", "ctl", "pki ca --key rsa", "pki member", "pki member site-a --prefix 10.1.2.3/16", "frobnicate",
        "ctl audit", "ctl audit verify", "ctl audit show x --since yesterday", "ctl policy", "ctl policy apply x", "ctl policy explain a", "ctl policy rollback yesterday",
        "pki master-key --shares 3", "pki master-key --shares 3 --threshold 4", "pki master-key --pkcs11-library x", "ctl sealing", "ctl master-key rotate",
        "ctl master-key rotate --to file", "ctl master-key rotate --to pkcs11", "ctl enrol", "ctl enrol site-a", "ctl enrol Site-A --no-prefix",
        "ctl enrol site-a --prefix 10.1.2.3/16", "ctl enrol site-a --no-prefix --prefix 10.1.0.0/16", "ctl enrol site-a --no-prefix --valid 31d",
        "ctl key rotate", "ctl key rotate --pair site-a", "ctl key rotate --pair site-a site-a", "ctl key rotate --member Site-A", "node enrol --kms x", "ctl member revoke a --reason b", "pki authority", "pki authority Enrolment"})
    void wrongUsageIsExplainedAndExitsWithTwo(String command) {
        assertEquals(2, command.isEmpty() ? run() : run(command.split(" ")));
        assertFalse(err.toString().isEmpty());
        assertFalse(err.toString().contains("\tat "), err.toString());
    }

    @Test
    void anAuthorityAndCertificatesAreMadeAndShown() throws IOException {
        String pki = folder.resolve("pki").toString();
        assertEquals(0, run("pki", "ca", "--dir", pki));
        assertEquals(0, run("pki", "kms", "kms-1", "--dir", pki));
        assertEquals(0, run("pki", "member", "site-a", "--prefix", "10.1.0.0/16", "--prefix", "2001:db8:1::/48", "--dir", pki));
        assertEquals(0, run("pki", "show", pki + "/site-a.crt"));
        assertTrue(out.toString().contains("identity     member site-a"), out.toString());
        assertTrue(out.toString().contains("prefixes     10.1.0.0/16, 2001:db8:1::/48"), out.toString());
        assertEquals(PosixFilePermissions.fromString("rw-------"), Files.getPosixFilePermissions(folder.resolve("pki/site-a.key")));
    }

    @Test
    void aMasterKeyIsMadeForItsOwnerOnly() throws IOException {
        assertEquals(0, run("pki", "master-key", "--dir", folder.toString()));
        Path file = folder.resolve("master.key");
        assertTrue(Files.readString(file).matches("[0-9a-f]{64}\n"));
        assertEquals(PosixFilePermissions.fromString("rw-------"), Files.getPosixFilePermissions(file));
        assertFalse((out.toString() + err).contains(Files.readString(file).trim()));
    }

    @Test
    void sharesOfAMasterKeyAreMadeForTheirOwnersOnlyOrPrinted() throws IOException {
        assertEquals(0, run("pki", "master-key", "--shares", "3", "--threshold", "2", "--dir", folder.toString()));
        List<KeyShare> shares = new ArrayList<>();
        for (int number = 1; number <= 3; number++) {
            Path file = folder.resolve("share-" + number + "-of-3.txt");
            shares.add(KeyShare.parse(Files.readAllBytes(file)));
            assertEquals(PosixFilePermissions.fromString("rw-------"), Files.getPosixFilePermissions(file));
            assertFalse(out.toString().contains(Files.readString(file).lines().findFirst().orElseThrow()));
        }
        assertArrayEquals(ShareSet.combine(shares.subList(0, 2)), ShareSet.combine(shares.subList(1, 3)));
        assertEquals(0, run("pki", "master-key", "--shares", "2", "--threshold", "2", "--print"));
        assertTrue(out.toString().contains("share 2 of 2, set "), out.toString());
    }

    @Test
    void whatExistsIsNotOverwritten() {
        assertEquals(0, run("pki", "ca", "--dir", folder.toString()));
        assertEquals(1, run("pki", "ca", "--dir", folder.toString()));
        assertTrue(err.toString().contains("ca.crt is there already and is not overwritten"), err.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"node", "kms"})
    void aWrongSettingIsNamedInFourLinesWithoutAStackTrace(String program) throws IOException {
        Path config = Files.writeString(folder.resolve("wrong.conf"), "pairspan." + program + " { identty { certificate = x } }");
        assertEquals(2, run(program, "--config", config.toString()));
        assertEquals(4, err.toString().lines().count(), err.toString());
        assertTrue(err.toString().contains("did you mean pairspan." + program + ".identity?"), err.toString());
    }

    @Test
    void aConfigurationFileThatIsNotThereIsNamed() {
        assertEquals(2, run("node", "--config", folder.resolve("none.conf").toString()));
        assertTrue(err.toString().contains("none.conf"), err.toString());
    }

    private int run(String... arguments) {
        CommandLine command = Main.commandLine();
        command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return command.execute(arguments);
    }
}
