package org.pairspan.multijvm.harness;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A test class that takes the shared {@link Installation} as a parameter, and has it to itself while it runs. Test classes with processes of
 * their own run beside it; one that measures speed, delay or memory is {@code @Isolated} too.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("scenario")
@ExtendWith(Installation.Shared.class)
@ResourceLock("installation")
public @interface Scenario {
}
