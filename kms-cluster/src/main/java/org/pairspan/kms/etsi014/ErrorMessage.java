package org.pairspan.kms.etsi014;

import java.util.List;

/**
 * Error data format (clause 6.5).
 *
 * @param details what the message speaks of, each by name; may be empty
 */
public record ErrorMessage(String message, List<Detail> details) {

    /** The standard's words. */
    public static final String KEYS_NOT_FOUND = "one or more keys specified are not found on KME";
    /** The standard's words. */
    public static final String SIZE_NOT_OF_BYTES = "size shall be a multiple of 8";
    /** The standard's words. */
    public static final String EXTENSION_NOT_SUPPORTED = "not all extension_mandatory parameters are supported";

    public ErrorMessage {
        details = List.copyOf(details);
    }

    /** Without details. */
    public ErrorMessage(String message) {
        this(message, List.of());
    }

    /** A name and what it is about. */
    public record Detail(String name, String value) {
    }
}
