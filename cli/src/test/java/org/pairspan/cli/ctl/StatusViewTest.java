package org.pairspan.cli.ctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import javax.management.JMException;
import org.junit.jupiter.api.Test;
import org.pairspan.runtime.jmx.ManagedBeans;

class StatusViewTest {
    /** A bean with one attribute of each shape. */
    public interface ShapeMXBean {
        String getState();

        long getBytesSent();

        boolean isConnected();

        String getTrouble();

        List<String> getPrefixes();

        Map<String, Long> getDrops();

        List<Row> getRows();
    }

    /** A row of a table. */
    public record Row(String peer, long packets) {
        public String getPeer() {
            return peer;
        }

        public long getPackets() {
            return packets;
        }
    }

    private record Shape(String state) implements ShapeMXBean {
        @Override
        public String getState() {
            return state;
        }

        @Override
        public long getBytesSent() {
            return 3 * 1024 * 1024;
        }

        @Override
        public boolean isConnected() {
            return true;
        }

        @Override
        public String getTrouble() {
            return "";
        }

        @Override
        public List<String> getPrefixes() {
            return List.of("10.1.0.0/16", "10.2.0.0/16");
        }

        @Override
        public Map<String, Long> getDrops() {
            return Map.of("NO_KEY", 7L, "REPLAYED", 0L, "SPA_TAG", 12L);
        }

        @Override
        public List<Row> getRows() {
            return List.of(new Row("site-b", 1_234_567), new Row("site-c", 8));
        }
    }

    @Test
    void oneBeanIsAListWithItsTablesBelow() throws IOException, JMException {
        try (ManagedBeans beans = new ManagedBeans()) {
            beans.register(new Shape("up"), "Shape", "one");
            String view = StatusView.render(shapes());
            assertTrue(view.startsWith("SHAPE one\n  state       up\n"), view);
            assertTrue(view.contains("  bytes sent  3.0 MiB\n"), view);
            assertTrue(view.contains("  connected   yes\n"), view);
            assertTrue(view.contains("  prefixes    10.1.0.0/16, 10.2.0.0/16\n"), view);
            assertTrue(view.contains("drops\n  NO_KEY   7\n  SPA_TAG  12  The SPA tag does not fit"), view);
            assertFalse(view.contains("REPLAYED"), view);
            assertFalse(view.contains("trouble"), view);
            assertTrue(view.lines().anyMatch(line -> line.matches("\\s*site-b\\s+1,234,567\\s*")), view);
        }
    }

    @Test
    void severalBeansOfATypeAreOneTable() throws IOException, JMException {
        try (ManagedBeans beans = new ManagedBeans()) {
            beans.register(new Shape("up"), "Shape", "one");
            beans.register(new Shape("down"), "Shape", "two");
            String view = StatusView.render(shapes());
            assertTrue(view.lines().anyMatch(line -> line.matches("\\s*one\\s+up\\s.*3.0 MiB.*")), view);
            assertTrue(view.lines().anyMatch(line -> line.matches("\\s*two\\s+down\\s.*3.0 MiB.*")), view);
            assertTrue(view.contains("drops of two"), view);
        }
    }

    @Test
    void nothingToShowIsSaid() {
        assertEquals("(it has not registered anything to look at yet)", StatusView.render(List.of()));
    }

    private static List<Bean> shapes() throws IOException, JMException {
        return BeanReader.read(ManagementFactory.getPlatformMBeanServer()).stream().filter(bean -> bean.type().equals("Shape")).toList();
    }
}
