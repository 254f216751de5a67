package org.pairspan.cli.ctl;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import javax.management.Attribute;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import org.pairspan.runtime.jmx.ManagedBeans;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads every bean of the domain. */
final class BeanReader {
    private static final Logger LOG = LoggerFactory.getLogger(BeanReader.class);

    private BeanReader() {
    }

    /** The beans by type and name; one that goes while this reads is left out. */
    static List<Bean> read(MBeanServerConnection server) throws IOException, JMException {
        List<Bean> beans = new ArrayList<>();
        for (ObjectName name : server.queryNames(new ObjectName(ManagedBeans.DOMAIN + ":*"), null)) {
            try {
                beans.add(read(server, name));
            } catch (InstanceNotFoundException e) {
                LOG.debug("{} has just gone", name, e);
            }
        }
        return beans.stream().sorted().toList();
    }

    private static Bean read(MBeanServerConnection server, ObjectName name) throws IOException, JMException {
        String[] readable = Arrays.stream(server.getMBeanInfo(name).getAttributes())
            .filter(MBeanAttributeInfo::isReadable).map(MBeanAttributeInfo::getName).toArray(String[]::new);
        TreeMap<String, Object> attributes = new TreeMap<>();
        for (Attribute attribute : server.getAttributes(name, readable).asList()) {
            attributes.put(attribute.getName(), attribute.getValue());
        }
        String id = name.getKeyProperty("name");
        return new Bean(name.getKeyProperty("type"), id == null ? "" : id.startsWith("\"") ? ObjectName.unquote(id) : id, attributes);
    }
}
