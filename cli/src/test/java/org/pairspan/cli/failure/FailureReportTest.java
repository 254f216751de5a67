package org.pairspan.cli.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.BindException;
import java.nio.file.AccessDeniedException;
import org.junit.jupiter.api.Test;
import org.pairspan.runtime.config.ConfigurationException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class FailureReportTest {
    private final StringWriter err = new StringWriter();

    /** Something to fail. */
    @Command(name = "test")
    static final class Failing {
    }

    @Test
    void aSettingDeepInTheCausesIsReportedInFourLines() {
        ConfigurationException wrong = new ConfigurationException("a.b", "1", "must be 2", "write 2");
        assertEquals(1, report(new IllegalStateException("outer", wrong)));
        assertEquals("setting: a.b\n  value: 1\n   rule: must be 2\n remedy: write 2\n", err.toString());
        err.getBuffer().setLength(0);
        assertEquals(2, report(new WrongConfiguration(wrong)));
        assertEquals("setting: a.b\n  value: 1\n   rule: must be 2\n remedy: write 2\n", err.toString());
    }

    @Test
    void anAddressInUseIsReportedInOneLineWithTheRemedy() {
        assertEquals(1, report(new IllegalStateException("member link 127.0.0.1:7400", new BindException("Address already in use"))));
        assertEquals(1, err.toString().lines().count());
        assertTrue(err.toString().startsWith("test: member link 127.0.0.1:7400: Address already in use. Something else uses"), err.toString());
    }

    @Test
    void aFileWithoutPermissionIsNamed() {
        assertEquals(1, report(new AccessDeniedException("/dev/net/tun")));
        assertEquals("test: no permission for /dev/net/tun. Run as its owner, or as root\n", err.toString());
    }

    @Test
    void whatAProgramRefusesIsToldInOneLine() {
        assertEquals(1, report(new CommandFailure("member site-b is revoked", new IllegalArgumentException("member site-b is revoked"))));
        assertEquals("test: member site-b is revoked\n", err.toString());
    }

    @Test
    void whatTheCauseOnlyRepeatsIsSaidOnce() {
        report(new IOException(new IllegalStateException("the disk is full")));
        assertEquals("test: the disk is full\n", err.toString());
    }

    private int report(Exception failure) {
        CommandLine command = new CommandLine(new Failing());
        command.setErr(new PrintWriter(err, true));
        return new FailureReport().handleExecutionException(failure, command, null);
    }
}
