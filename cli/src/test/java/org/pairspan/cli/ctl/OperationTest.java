package org.pairspan.cli.ctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.MBeanServerConnection;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXConnectorServer;
import javax.management.remote.JMXConnectorServerFactory;
import javax.management.remote.JMXServiceURL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pairspan.cli.failure.CommandFailure;
import org.pairspan.runtime.jmx.ManagedBeans;

/** Operations through a real connector, as ctl calls them in another process. */
class OperationTest {
    @TempDir
    Path folder;

    private final MBeanServer platform = ManagementFactory.getPlatformMBeanServer();
    private final ManagedBeans beans = new ManagedBeans();
    private JMXConnectorServer connectorServer;
    private JMXConnector connector;
    private MBeanServerConnection connection;

    /** What a key server might offer. */
    public interface LampMXBean {
        List<String> light(String operator, int lamps);
    }

    private static final class Lamp implements LampMXBean {
        @Override
        public List<String> light(String operator, int lamps) {
            if (lamps < 0) {
                throw new IllegalArgumentException("not fewer than no lamps");
            }
            if (lamps > 3) {
                throw new IllegalStateException("there are only 3 lamps; buy more");
            }
            return List.of(operator + " lit " + lamps);
        }
    }

    @BeforeEach
    void connect() throws IOException {
        beans.register(new Lamp(), "Lamp", "kms-1");
        connectorServer = JMXConnectorServerFactory.newJMXConnectorServer(new JMXServiceURL("service:jmx:rmi://127.0.0.1"), null, platform);
        connectorServer.start();
        connector = JMXConnectorFactory.connect(connectorServer.getAddress());
        connection = connector.getMBeanServerConnection();
    }

    @AfterEach
    void disconnect() throws IOException {
        beans.close();
        connector.close();
        connectorServer.stop();
    }

    @Test
    void anOperationAnswers() throws IOException, JMException {
        LampMXBean lamp = lamp();
        assertEquals(List.of("alice lit 2"), Operation.run(() -> lamp.light("alice", 2)));
    }

    @Test
    void whatIsRefusedAndWhatFailsKeepsItsMessage() throws IOException, JMException {
        LampMXBean lamp = lamp();
        assertEquals("not fewer than no lamps",
            assertThrows(Operation.Failed.class, () -> Operation.run(() -> lamp.light("alice", -1))).getMessage());
        assertEquals("there are only 3 lamps; buy more",
            assertThrows(Operation.Failed.class, () -> Operation.run(() -> lamp.light("alice", 4))).getMessage());
    }

    @Test
    void aBeanIsFoundByTheNameOfItsServer() throws IOException, JMException {
        assertTrue(ProgramConnection.bean(connection, LampMXBean.class, "kms-1").isPresent());
        assertFalse(ProgramConnection.bean(connection, LampMXBean.class, "kms-2").isPresent());
    }

    @Test
    void aProgramThatHasGoneOrDoesNotKnowTheOperationIsSaidToBeSo() throws IOException, JMException {
        LampMXBean lamp = lamp();
        beans.close();
        assertTrue(assertThrows(Operation.Failed.class, () -> Operation.run(() -> lamp.light("alice", 1))).getMessage().contains("another version"));
        connectorServer.stop();
        assertTrue(assertThrows(Operation.Failed.class, () -> Operation.run(() -> lamp.light("alice", 1))).getMessage().contains("stopped answering"));
    }

    @Test
    void whoUsesSudoIsNamed() {
        assertEquals("pairspan", OperatorName.of("pairspan", null));
        assertEquals("root (sudo by alice)", OperatorName.of("root", "alice"));
        assertEquals("root", OperatorName.of("root", "root"));
    }

    @Test
    void aSecretComesFromAFileOfItsOwnerOnly() throws IOException {
        Path file = Files.writeString(folder.resolve("secret"), "open sesame\r\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertEquals("open sesame", new String(SecretInput.read(file, "secret"), StandardCharsets.UTF_8));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertTrue(assertThrows(CommandFailure.class, () -> SecretInput.read(file, "secret")).getMessage().contains("chmod 600"));
        Path empty = Files.createFile(folder.resolve("empty"), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        assertThrows(CommandFailure.class, () -> SecretInput.read(empty, "secret"));
    }

    private LampMXBean lamp() throws IOException, JMException {
        return ProgramConnection.bean(connection, LampMXBean.class, null).orElseThrow();
    }
}
