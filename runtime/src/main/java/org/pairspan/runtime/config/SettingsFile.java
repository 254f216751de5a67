package org.pairspan.runtime.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads an operator's file, and says what is wrong with it where it cannot be read. */
final class SettingsFile {
    /** What can only be meant as an environment variable; other names in braces may be secrets that somebody took for text. */
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)}");

    private SettingsFile() {
    }

    /** The settings below a root, laid over the reference, all of them known and resolved. See {@link Settings#load}. */
    static Config read(Path file, String root, String reference, Class<?> owner) {
        if (!Files.isReadable(file)) {
            throw new ConfigurationException("--config", file.toString(), "must be a readable file", "check the path and its permissions");
        }
        try {
            ConfigParseOptions strict = ConfigParseOptions.defaults().setAllowMissing(false);
            Config known = ConfigFactory.parseResources(owner.getClassLoader(), reference, strict);
            Config given = ConfigFactory.parseFile(file.toFile(), strict).resolve(ConfigResolveOptions.defaults());
            KnownNames.check(given, known);
            return given.withFallback(known).resolve().getConfig(root);
        } catch (ConfigException.UnresolvedSubstitution e) {
            throw unresolved(file, e);
        } catch (ConfigException e) {
            throw unparsed(file, e);
        }
    }

    /** The name of a variable is no secret. */
    private static ConfigurationException unresolved(Path file, ConfigException failure) {
        Matcher variable = VARIABLE.matcher(failure.getMessage());
        return variable.find()
            ? new ConfigurationException(file.toString(), variable.group(), "must be an environment variable that is set",
                "export " + variable.group(1) + " with its value, or put it in the file that systemd's EnvironmentFile names")
            : unparsed(file, failure);
    }

    /** Without the cause: it may quote what the file holds. */
    private static ConfigurationException unparsed(Path file, ConfigException failure) {
        try {
            return new ConfigurationException(file.toString(), "does not parse", "must be HOCON: "
                + ShownValue.complaint(String.valueOf(failure.getMessage()), Files.readString(file)), "correct the file at that place");
        } catch (IOException e) {
            return new ConfigurationException(file.toString(), "does not read", "must be a text file in UTF-8", "correct the file", e);
        }
    }
}
