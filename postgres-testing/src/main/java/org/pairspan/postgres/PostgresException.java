package org.pairspan.postgres;

/** A PostgreSQL server for tests could not be had, or does not do what it must. */
public final class PostgresException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    PostgresException(String message) {
        super(message);
    }

    PostgresException(String message, Throwable cause) {
        super(message, cause);
    }
}
