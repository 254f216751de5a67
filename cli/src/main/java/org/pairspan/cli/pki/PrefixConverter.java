package org.pairspan.cli.pki;

import org.pairspan.protocol.address.IpPrefix;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** picocli shows the message of an IllegalArgumentException only from a converter of one's own. */
public final class PrefixConverter implements ITypeConverter<IpPrefix> {
    @Override
    public IpPrefix convert(String value) {
        try {
            return IpPrefix.parse(value);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
