package org.pairspan.runtime.jmx;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import javax.management.InstanceAlreadyExistsException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * The MXBeans of one program, under {@code org.pairspan:type=<type>[,name=<id>]}. Safe for use by any thread. An MXBean never shows a secret.
 */
public final class ManagedBeans implements AutoCloseable {
    /** The domain of every bean. */
    public static final String DOMAIN = "org.pairspan";

    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    private final List<ObjectName> registered = new ArrayList<>();

    /** Takes a bean away again. */
    @FunctionalInterface
    public interface Registration extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * @param bean implements an interface whose name ends in {@code MXBean}
     * @param type what it is, such as {@code Node}
     * @param id which of its type it is; several parts are joined by a dot; may be left out where there is only one
     * @return takes this one bean away; {@link #close()} takes away all that are left
     * @throws IllegalStateException when a bean of that name is there already
     */
    public Registration register(Object bean, String type, String... id) {
        Hashtable<String, String> properties = new Hashtable<>();
        properties.put("type", type);
        if (id.length > 0) {
            properties.put("name", quoteIfNeeded(String.join(".", id)));
        }
        try {
            ObjectName name = new ObjectName(DOMAIN, properties);
            synchronized (registered) {
                server.registerMBean(bean, name);
                registered.add(name);
            }
            return () -> unregister(name);
        } catch (InstanceAlreadyExistsException e) {
            throw new IllegalStateException("there is already a managed bean " + properties, e);
        } catch (JMException e) {
            throw new IllegalArgumentException("not a managed bean: " + bean.getClass().getName() + " as " + properties, e);
        }
    }

    /** Takes away every bean registered here. */
    @Override
    public void close() {
        synchronized (registered) {
            List.copyOf(registered).forEach(this::unregister);
        }
    }

    private void unregister(ObjectName name) {
        synchronized (registered) {
            if (!registered.remove(name)) {
                return;
            }
            try {
                server.unregisterMBean(name);
            } catch (InstanceNotFoundException e) {
                throw new IllegalStateException("somebody else took away " + name, e);
            } catch (JMException e) {
                throw new IllegalStateException("could not take away " + name, e);
            }
        }
    }

    private static String quoteIfNeeded(String value) {
        return value.matches("[A-Za-z0-9._-]+") ? value : ObjectName.quote(value);
    }
}
