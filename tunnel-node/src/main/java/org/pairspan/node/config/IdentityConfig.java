package org.pairspan.node.config;

import java.nio.file.Path;
import org.pairspan.runtime.config.Settings;

/** The files of this member's identity, in PEM; each exists and can be read. */
public record IdentityConfig(Path certificate, Path privateKey, Path authority) {
    static IdentityConfig read(Settings settings) {
        return new IdentityConfig(settings.existingFile("certificate"), settings.existingFile("private-key"),
                settings.existingFile("authority"));
    }
}
