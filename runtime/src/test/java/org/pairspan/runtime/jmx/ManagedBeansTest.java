package org.pairspan.runtime.jmx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;

class ManagedBeansTest {
    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();

    /** What the test shows. */
    public interface AnswerMXBean {
        int getAnswer();
    }

    @Test
    void aBeanIsSeenUnderItsTypeAndIdUntilItIsTakenAway() throws JMException {
        ObjectName name = new ObjectName("org.pairspan:type=Answer,name=deep.thought");
        try (ManagedBeans beans = new ManagedBeans()) {
            ManagedBeans.Registration registration = beans.register((AnswerMXBean) () -> 42, "Answer", "deep", "thought");
            assertEquals(42, server.getAttribute(name, "Answer"));
            registration.close();
            assertFalse(server.isRegistered(name));
        }
    }

    @Test
    void closingTakesAwayWhatIsLeft() throws JMException {
        ManagedBeans beans = new ManagedBeans();
        beans.register((AnswerMXBean) () -> 42, "Answer", "2001:db8::1");
        ObjectName name = new ObjectName("org.pairspan:type=Answer,name=\"2001:db8::1\"");
        assertTrue(server.isRegistered(name));
        beans.close();
        assertFalse(server.isRegistered(name));
    }

    @Test
    void twoBeansOfOneNameAreRefused() {
        try (ManagedBeans beans = new ManagedBeans()) {
            beans.register((AnswerMXBean) () -> 1, "Answer");
            assertThrows(IllegalStateException.class, () -> beans.register((AnswerMXBean) () -> 2, "Answer"));
        }
    }
}
