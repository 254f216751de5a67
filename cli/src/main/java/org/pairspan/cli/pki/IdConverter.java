package org.pairspan.cli.pki;

import org.pairspan.runtime.identity.Identity;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** An id. What cannot be one is wrong usage, before a file is read or a key server asked. */
public final class IdConverter implements ITypeConverter<String> {
    @Override
    public String convert(String value) {
        try {
            return Identity.requireId(value);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
