package org.pairspan.node.device;

/** A device cannot be opened, set up or used. The message says what failed, why, and what to do about it. */
public final class DeviceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DeviceException(String message) {
        super(message);
    }

    DeviceException(String message, Throwable cause) {
        super(message, cause);
    }
}
