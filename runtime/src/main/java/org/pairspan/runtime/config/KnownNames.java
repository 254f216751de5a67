package org.pairspan.runtime.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Refuses a setting whose name the reference does not hold, and names the one that was probably meant. */
final class KnownNames {
    private KnownNames() {
    }

    static void check(Config given, Config known) {
        check(given.root(), known.root(), "");
    }

    /**
     * @param given  a group of the operator's
     * @param known  the group that holds every name it may have
     * @param prefix the group's full name with a dot behind it; empty for the whole file
     */
    static void check(ConfigObject given, ConfigObject known, String prefix) {
        for (Map.Entry<String, ConfigValue> entry : given.entrySet()) {
            String path = prefix + ConfigUtil.joinPath(entry.getKey());
            ConfigValue counterpart = known.get(entry.getKey());
            if (counterpart == null) {
                throw unknown(path, entry.getValue(), prefix, known);
            }
            // An empty object in the reference holds names of the operator's own choice.
            if (counterpart instanceof ConfigObject object && !object.isEmpty()) {
                if (entry.getValue() instanceof ConfigObject inner) {
                    check(inner, object, path + ".");
                } else if (entry.getValue().valueType() != ConfigValueType.NULL) {
                    throw new ConfigurationException(path, ShownValue.of(path, entry.getValue().unwrapped()), "must be a group of settings, { ... }",
                        "correct the value in the configuration file");
                }
            }
        }
    }

    private static ConfigurationException unknown(String path, ConfigValue value, String prefix, ConfigObject known) {
        String name = path.substring(prefix.length());
        List<String> nearest = known.keySet().stream().sorted()
            .sorted(Comparator.comparingInt(candidate -> distance(name, candidate))).toList();
        return new ConfigurationException(path, ShownValue.of(path, value.unwrapped()), "there is no setting of this name",
            "did you mean " + prefix + nearest.getFirst() + "? Known here: " + String.join(", ", known.keySet().stream().sorted().toList()));
    }

    /** Levenshtein's distance. */
    static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replaced, Math.min(previous[j], current[j - 1]) + 1);
            }
            previous = current;
        }
        return previous[b.length()];
    }
}
