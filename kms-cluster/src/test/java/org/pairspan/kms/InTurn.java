package org.pairspan.kms;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A test class that shares something of the JVM with other classes: those run one after another, all on one thread, while others run beside
 * them. Shared are
 *
 * <ul>
 * <li>the names of managed beans: whole key servers are {@code kms-1}, {@code kms-2} in most tests, and there can be one bean of a name;
 * <li>the level and the appenders of the logger {@code org.pairspan}, which one test sets;
 * <li>the token of SoftHSM: who logs in is logged in for the whole process.
 * </ul>
 *
 * What else a JVM has, tests here leave alone or have in parts of their own: ports come from the system or from {@code ListeningPort}, which
 * gives each once; folders are temporary; actor systems and databases belong to one class; allocation is measured of one thread. The one
 * variable of the environment that is set, once, is SoftHSM's. A test that measures the heap, fills a pool that everybody uses or has a tight
 * bound on time is {@code @Isolated} instead: it runs alone, after all others.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Execution(value = ExecutionMode.SAME_THREAD, reason = "the thread that all these classes run on is that of the classes' parent")
public @interface InTurn {
}
