package org.pairspan.cli.ctl;

import java.io.IOException;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.function.Supplier;
import javax.management.JMException;
import javax.management.JMRuntimeException;
import javax.management.MBeanException;
import javax.management.RuntimeMBeanException;
import org.pairspan.cli.failure.CommandFailure;

/** Runs an operation of a bean in another process, and tells its failures apart. */
final class Operation {

    private Operation() {
    }

    /** The program refused, or tried and could not; it was the right program. */
    static final class Failed extends CommandFailure {
        private static final long serialVersionUID = 1L;

        Failed(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** @throws Failed where the operation threw anything, or its program went away */
    static <R> R run(Supplier<R> operation) {
        try {
            return operation.get();
        } catch (RuntimeException e) {
            throw translated(e);
        }
    }

    private static RuntimeException translated(Throwable failure) {
        return switch (failure) {
            case RuntimeMBeanException wrapped -> translated(wrapped.getTargetException());
            case MBeanException wrapped -> translated(wrapped.getTargetException());
            case UndeclaredThrowableException wrapped -> translated(wrapped.getUndeclaredThrowable());
            case IOException gone -> new Failed("the key server stopped answering: " + gone.getMessage()
                + ". Whether it did what was asked is not known; its audit log tells", gone);
            case JMException other -> unfit(other);
            case JMRuntimeException other -> unfit(other);
            default -> new Failed(failure.getMessage() == null ? failure.toString() : failure.getMessage(), failure);
        };
    }

    private static Failed unfit(Exception failure) {
        return new Failed("the key server does not know this operation, or not so; it is of another version than this command: "
            + failure.getMessage(), failure);
    }
}
