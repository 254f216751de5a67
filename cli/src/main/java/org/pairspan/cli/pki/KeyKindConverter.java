package org.pairspan.cli.pki;

import java.util.ArrayList;
import java.util.Arrays;
import org.pairspan.runtime.certificate.KeyKind;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the kind of a key by its word. */
final class KeyKindConverter implements ITypeConverter<KeyKind> {
    @Override
    public KeyKind convert(String value) {
        return Arrays.stream(KeyKind.values()).filter(kind -> kind.word().equals(value)).findFirst()
            .orElseThrow(() -> new TypeConversionException("'" + value + "' is not one of " + new Words()));
    }

    /** The words there are. */
    static final class Words extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        Words() {
            super(Arrays.stream(KeyKind.values()).map(KeyKind::word).toList());
        }
    }
}
