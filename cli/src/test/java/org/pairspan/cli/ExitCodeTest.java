package org.pairspan.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** 2 is wrong usage or a program's wrong configuration, 1 any other failure: of every command there is. */
class ExitCodeTest {
    /** No process has this number. */
    private static final String NOBODY = " --pid 999999999";

    /** What is rightly written and fails: $F is a folder with ca.crt, ca.key, master.key, token and policy.conf. */
    private static final Map<String, String> FAILING = Map.ofEntries(
        Map.entry("node enrol", "--kms 127.0.0.1:1 --token-file $F/token --authority $F/ca.crt --out $F/node"),
        Map.entry("pki ca", "--dir $F"),
        Map.entry("pki authority", "enrolment --dir $F"),
        Map.entry("pki kms", "kms-1 --dir $F/none"),
        Map.entry("pki member", "site-a --prefix 10.1.0.0/16 --dir $F/none"),
        Map.entry("pki master-key", "--dir $F"),
        Map.entry("pki show", "$F/none"),
        Map.entry("ctl status", NOBODY),
        Map.entry("ctl enrol", "site-a --prefix 10.1.0.0/16" + NOBODY),
        Map.entry("ctl key rotate", "--pair site-a site-b" + NOBODY),
        Map.entry("ctl key updates", NOBODY),
        Map.entry("ctl key cancel", "7" + NOBODY),
        Map.entry("ctl member list", NOBODY),
        Map.entry("ctl member revoke", "site-a --reason lost --yes" + NOBODY),
        Map.entry("ctl member revoked", NOBODY),
        Map.entry("ctl policy show", NOBODY),
        Map.entry("ctl policy check", "$F/policy.conf" + NOBODY),
        Map.entry("ctl policy apply", "$F/policy.conf --comment test" + NOBODY),
        Map.entry("ctl policy history", NOBODY),
        Map.entry("ctl policy rollback", "0" + NOBODY),
        Map.entry("ctl policy explain", "site-a site-b" + NOBODY),
        Map.entry("ctl seal", NOBODY),
        Map.entry("ctl unseal", NOBODY),
        Map.entry("ctl sealing rotate", NOBODY),
        Map.entry("ctl master-key rotate", "--to file --file $F/master.key" + NOBODY),
        Map.entry("ctl audit verify", "$F/none"),
        Map.entry("ctl audit show", "$F/none"));

    /** The programs themselves, which other tests start, and what has nothing to fail by. */
    private static final Set<String> OTHERS = Set.of("kms", "node", "demo", "ctl list");

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void prepare() throws IOException {
        assertEquals(0, run("pki", "ca", "--dir", folder.toString()));
        assertEquals(0, run("pki", "master-key", "--dir", folder.toString()));
        Files.writeString(Files.createFile(folder.resolve("token"), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))),
            "site-a:" + "A".repeat(43) + "\n");
        Files.writeString(folder.resolve("policy.conf"), "key-policy { rules = [] }");
    }

    @Test
    void whatIsWronglyWrittenEndsWithTwo() {
        for (String command : programs("", Main.commandLine()).toList()) {
            assertEquals(2, run((command + " --no-such-option").split(" ")), () -> command + ": " + err);
        }
    }

    @Test
    void whatIsRightlyWrittenAndFailsEndsWithOne() {
        Set<String> all = programs("", Main.commandLine()).collect(Collectors.toCollection(TreeSet::new));
        all.removeAll(OTHERS);
        assertEquals(all, new TreeSet<>(FAILING.keySet()), "a command is not told of here, or does not exist");
        FAILING.forEach((command, arguments) -> {
            err.getBuffer().setLength(0);
            String line = command + " " + arguments.strip().replace("$F", folder.toString());
            assertEquals(1, run(line.split(" +")), () -> line + ": " + err);
            assertFalse(err.toString().isBlank() || err.toString().contains("Usage:") || err.toString().contains("\tat "), () -> line + ": " + err);
        });
    }

    /** Commands that do something, with their parents. */
    private static Stream<String> programs(String path, CommandLine command) {
        boolean parent = command.getCommand() instanceof Runnable;
        return Stream.concat(parent ? Stream.empty() : Stream.of(path.strip()),
            command.getSubcommands().entrySet().stream().flatMap(below -> programs(path + " " + below.getKey(), below.getValue())));
    }

    private int run(String... arguments) {
        CommandLine command = Main.commandLine();
        command.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return command.execute(arguments);
    }
}
