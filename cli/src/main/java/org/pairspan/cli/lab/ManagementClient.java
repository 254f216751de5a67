package org.pairspan.cli.lab;

import com.sun.management.ThreadMXBean;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.TabularData;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/**
 * Reads the MXBeans of a process in a namespace: attaches to it by its process id, then speaks to its local agent from inside the
 * namespace, since that agent listens on the namespace's own loopback interface only.
 */
public final class ManagementClient {

    private static final String DOMAIN = "org.pairspan:";

    private final Namespace namespace;
    /** 0: this process. */
    private final long pid;
    private String agentAddress;

    /**
     * A client of one process.
     *
     * @param namespace where it runs; null for the network this JVM sees
     */
    public ManagementClient(Namespace namespace, LabProcess process) {
        this(namespace, process.pid());
    }

    private ManagementClient(Namespace namespace, long pid) {
        this.namespace = namespace;
        this.pid = pid;
    }

    /** A client of the JVM it runs in. */
    public static ManagementClient ofThisProcess() {
        return new ManagementClient(null, 0);
    }

    /** Something to do with a connection. */
    @FunctionalInterface
    private interface Task<T> {
        T run(MBeanServerConnection server) throws IOException, JMException;
    }

    /**
     * All attributes of every bean that the pattern names.
     *
     * @param pattern what follows the domain, such as {@code type=Peer,*}
     * @return by the bean's key properties, then by attribute
     */
    public Map<String, Map<String, Object>> read(String pattern) {
        return connected(server -> {
            final Map<String, Map<String, Object>> beans = new TreeMap<>();
            for (final ObjectName name : names(server, pattern)) {
                beans.put(name.getCanonicalKeyPropertyListString(), attributes(server, name));
            }
            return beans;
        });
    }

    /** Invokes an operation of the one bean that the pattern names, with arguments that are strings. */
    public Object invoke(String pattern, String operation, String... arguments) {
        final String[] signature = Stream.of(arguments).map(argument -> String.class.getName()).toArray(String[]::new);
        return connected(server -> server.invoke(names(server, pattern).iterator().next(), operation, arguments, signature));
    }

    /** Collects garbage and then tells the bytes of heap in use. */
    public long heapAfterCollection() {
        return connected(server -> {
            final ObjectName memory = new ObjectName("java.lang:type=Memory");
            server.invoke(memory, "gc", null, null);
            return (Long) ((CompositeData) server.getAttribute(memory, "HeapMemoryUsage")).get("used");
        });
    }

    /** Bytes of heap that the one thread of that name has allocated since it began. */
    public long allocatedBytes(String threadName) {
        return connected(server -> {
            final ThreadMXBean threads = ManagementFactory.newPlatformMXBeanProxy(server, ManagementFactory.THREAD_MXBEAN_NAME, ThreadMXBean.class);
            return Stream.of(threads.getThreadInfo(threads.getAllThreadIds())).filter(thread -> thread != null && thread.getThreadName().equals(threadName))
                .mapToLong(thread -> threads.getThreadAllocatedBytes(thread.getThreadId())).findFirst()
                .orElseThrow(() -> new IOException("there is no thread " + threadName));
        });
    }

    /** What lives on the heap after a collection: instances and bytes by class, as {@code jcmd GC.class_histogram} prints it. */
    public String classHistogram() {
        return connected(server -> (String) server.invoke(new ObjectName("com.sun.management:type=DiagnosticCommand"), "gcClassHistogram",
            new Object[] {new String[0]}, new String[] {String[].class.getName()}));
    }

    private <T> T connected(Task<T> task) {
        if (namespace != null) {
            return namespace.call(() -> connectedHere(task));
        }
        try {
            return connectedHere(task);
        } catch (IOException | JMException e) {
            throw new LabException("could not manage process " + pid + ": " + e, e);
        }
    }

    private <T> T connectedHere(Task<T> task) throws IOException, JMException {
        if (pid == 0) {
            return task.run(ManagementFactory.getPlatformMBeanServer());
        }
        try (JMXConnector connector = JMXConnectorFactory.connect(new JMXServiceURL(agentAddress()),
            Map.of("jmx.remote.x.client.connection.check.period", 0L))) {
            return task.run(connector.getMBeanServerConnection());
        }
    }

    private synchronized String agentAddress() throws IOException {
        if (agentAddress == null) {
            try {
                final VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
                try {
                    agentAddress = machine.startLocalManagementAgent();
                } finally {
                    machine.detach();
                }
            } catch (AttachNotSupportedException e) {
                throw new IOException("process " + pid + " is no JVM that can be attached to", e);
            }
        }
        return agentAddress;
    }

    private static Set<ObjectName> names(MBeanServerConnection server, String pattern) throws IOException, JMException {
        final Set<ObjectName> names = server.queryNames(new ObjectName(DOMAIN + pattern), null);
        if (names.isEmpty() && !pattern.endsWith("*")) {
            throw new IOException("there is no bean " + DOMAIN + pattern);
        }
        return names;
    }

    private static Map<String, Object> attributes(MBeanServerConnection server, ObjectName name) throws IOException, JMException {
        final String[] wanted = Stream.of(server.getMBeanInfo(name).getAttributes()).map(MBeanAttributeInfo::getName).toArray(String[]::new);
        final AttributeList values = server.getAttributes(name, wanted);
        final Map<String, Object> attributes = new TreeMap<>();
        values.asList().forEach(attribute -> attributes.put(attribute.getName(), value(attribute)));
        return attributes;
    }

    /** A map travels as a table of open data; here it is a map again. */
    private static Object value(Attribute attribute) {
        if (!(attribute.getValue() instanceof TabularData table)) {
            return attribute.getValue();
        }
        final Map<Object, Object> map = new TreeMap<>();
        table.values().forEach(row -> {
            final var entry = (CompositeData) row;
            map.put(entry.get("key"), entry.get("value"));
        });
        return map;
    }
}
