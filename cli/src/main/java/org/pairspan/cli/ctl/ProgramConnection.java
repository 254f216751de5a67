package org.pairspan.cli.ctl;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.management.JMException;
import javax.management.JMX;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.pairspan.cli.failure.CommandFailure;
import org.pairspan.runtime.jmx.ManagedBeans;

/** Reads the MXBeans of a running program, and calls their operations. */
final class ProgramConnection implements AutoCloseable {
    private static final int CONNECT_SECONDS = 5;

    private final JMXConnector connector;

    private ProgramConnection(JMXConnector connector) {
        this.connector = connector;
    }

    /**
     * @param chosen whether the operator named the process by its number
     * @throws CommandFailure when there is no such process, it belongs to another user and was not chosen, or it runs in another network namespace
     */
    static ProgramConnection to(long pid, boolean chosen) {
        if (!chosen) {
            ProcessOwner.ofThisSystem().requireOwn(pid);
        }
        requireSameNetwork(pid);
        String address = startAgent(pid);
        FutureTask<JMXConnector> connecting = new FutureTask<>(() -> JMXConnectorFactory.connect(new JMXServiceURL(address)));
        Thread.ofVirtual().name("connect-to-" + pid).start(connecting);
        try {
            return new ProgramConnection(connecting.get(CONNECT_SECONDS, TimeUnit.SECONDS));
        } catch (ExecutionException e) {
            throw new CommandFailure("process " + pid + " does not let itself be looked at: " + e.getCause().getMessage(), e);
        } catch (TimeoutException e) {
            throw new CommandFailure("process " + pid + " does not answer within " + CONNECT_SECONDS + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("interrupted while connecting to process " + pid, e);
        }
    }

    /** Every bean of the domain, by type and name. */
    List<Bean> beans() {
        try {
            return BeanReader.read(connector.getMBeanServerConnection());
        } catch (IOException | JMException e) {
            throw new CommandFailure("the program stopped answering: " + e.getMessage(), e);
        }
    }

    /**
     * A bean of the program, as a proxy.
     *
     * @param type its interface, whose name without "MXBean" is the bean's type
     * @param name the bean's name; null for the only one of its type
     * @return nothing where there is none
     */
    <B> Optional<B> bean(Class<B> type, String name) {
        try {
            return bean(connector.getMBeanServerConnection(), type, name);
        } catch (IOException | JMException e) {
            throw new CommandFailure("the program stopped answering: " + e.getMessage(), e);
        }
    }

    static <B> Optional<B> bean(MBeanServerConnection server, Class<B> type, String name) throws IOException, JMException {
        return server.queryNames(new ObjectName(ManagedBeans.DOMAIN + ":type=" + beanType(type) + ",*"), null).stream()
            .filter(found -> name == null || name.equals(found.getKeyProperty("name")))
            .findFirst().map(found -> JMX.newMXBeanProxy(server, found, type));
    }

    /** {@code KeyUpdates} for {@code KeyUpdatesMXBean}. */
    static String beanType(Class<?> type) {
        return type.getSimpleName().replaceFirst("MXBean$", "");
    }

    @Override
    public void close() throws IOException {
        connector.close();
    }

    private static String startAgent(long pid) {
        try {
            VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
            try {
                return machine.startLocalManagementAgent();
            } finally {
                machine.detach();
            }
        } catch (AttachNotSupportedException e) {
            throw new CommandFailure("process " + pid + " is no Java program, or does not answer: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new CommandFailure("cannot look at process " + pid + ": " + e.getMessage() + ". Run this as the user it runs as", e);
        }
    }

    /** The local connector listens on the loopback of the program's own network namespace. */
    private static void requireSameNetwork(long pid) {
        Path theirs = Path.of("/proc", Long.toString(pid), "ns", "net");
        Path ours = Path.of("/proc/self/ns/net");
        try {
            if (Files.exists(ours) && Files.exists(theirs) && !Files.readSymbolicLink(ours).equals(Files.readSymbolicLink(theirs))) {
                throw new CommandFailure("process " + pid + " runs in another network namespace. Look at it from there: "
                    + "'nsenter --target " + pid + " --net pairspan ctl status --pid " + pid + "', or 'ip netns exec NAME pairspan ctl status'");
            }
        } catch (IOException e) {
            throw new CommandFailure("cannot look at process " + pid + ": no permission for " + theirs + ". Run this as the user it runs as", e);
        }
    }
}
