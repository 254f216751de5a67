package org.pairspan.cli.service;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.BindException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.pairspan.runtime.config.ConfigurationException;

class PassingFailureTest {

    @Test
    void aTakenPortAndADatabaseThatIsAwayAreWorthAnotherTry() {
        assertTrue(mayPass(new IllegalStateException(new BindException("Address already in use"))));
        assertTrue(mayPass(new SQLException("Connection refused", "08001")));
        assertTrue(mayPass(new IOException(new SQLException("the database system is starting up", "57P03"))));
    }

    @Test
    void whatOnlyAnotherConfigurationMendsIsNot() {
        assertFalse(mayPass(null));
        assertFalse(mayPass(new SQLException("password authentication failed", "28P01")));
        assertFalse(mayPass(new SQLException("no such file")));
        assertFalse(mayPass(new SQLException("a driver's own state", "5")));
        assertFalse(mayPass(new SQLException("no state at all", "")));
        assertFalse(mayPass(new IOException("No such file")));
    }

    private static boolean mayPass(Throwable cause) {
        return ServiceCommand.mayPass(new ConfigurationException("a.b", "1", "must be 2", "write 2", cause));
    }
}
