package org.pairspan.cli.pki;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code 365d} or {@code 12h}. */
final class ValidityConverter implements ITypeConverter<Validity> {
    private static final Pattern TEXT = Pattern.compile("([1-9][0-9]{0,5})([dh])");

    @Override
    public Validity convert(String value) {
        Matcher matcher = TEXT.matcher(value);
        if (!matcher.matches()) {
            throw new TypeConversionException("'" + value + "' is not a number of days or hours such as 365d or 12h");
        }
        long number = Long.parseLong(matcher.group(1));
        return new Validity(matcher.group(2).equals("d") ? Duration.ofDays(number) : Duration.ofHours(number));
    }
}
