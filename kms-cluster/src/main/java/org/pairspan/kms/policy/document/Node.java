package org.pairspan.kms.policy.document;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;

/** A group of settings of a document. What is wrong goes to the problems, and reads as if it were not there. */
final class Node {

    private final String path;
    private final ConfigObject object;
    private final Problems problems;

    Node(String path, ConfigObject object, Problems problems) {
        this.path = path;
        this.object = object;
        this.problems = problems;
    }

    ConfigOrigin origin() {
        return object.origin();
    }

    int line() {
        return Problems.line(object.origin());
    }

    /** Names in the order of the alphabet. */
    Set<String> names() {
        return new TreeSet<>(object.keySet());
    }

    boolean has(String name) {
        return value(name) != null;
    }

    /** Null where there is none. */
    ConfigValue value(String name) {
        ConfigValue value = object.get(name);
        return value == null || value.valueType() == ConfigValueType.NULL ? null : value;
    }

    String full(String name) {
        return path.isEmpty() ? name : path + '.' + name;
    }

    /** Anything but these names is a problem. */
    void allowOnly(List<String> known) {
        object.forEach((name, value) -> {
            if (!known.contains(name)) {
                problem(name, value, "there is no such name here", "one of these was probably meant: " + String.join(", ", known));
            }
        });
    }

    void problem(String name, Object value, String rule, String remedy) {
        ConfigValue at = object.get(name);
        problems.add(at == null ? object.origin() : at.origin(), full(name), shown(value), rule, remedy);
    }

    private static Object shown(Object value) {
        return value instanceof ConfigValue config ? config.unwrapped() : value;
    }

    Optional<Node> node(String name) {
        ConfigValue value = value(name);
        if (value == null) {
            return Optional.empty();
        }
        if (value instanceof ConfigObject inner) {
            return Optional.of(new Node(full(name), inner, problems));
        }
        problem(name, value, "must be a group of settings, { ... }", "write it with braces");
        return Optional.empty();
    }

    List<Node> nodes(String name, int most) {
        List<Node> nodes = new ArrayList<>();
        ConfigValue value = value(name);
        if (value == null) {
            return nodes;
        }
        if (!(value instanceof ConfigList list)) {
            problem(name, value, "must be a list of groups, [ { ... }, ... ]", "write it with square brackets");
            return nodes;
        }
        if (list.size() > most) {
            problem(name, list.size() + " elements", "must have " + most + " at the most", "use groups and patterns");
            return nodes;
        }
        for (int i = 0; i < list.size(); i++) {
            String element = full(name) + '[' + (i + 1) + ']';
            if (list.get(i) instanceof ConfigObject inner) {
                nodes.add(new Node(element, inner, problems));
            } else {
                problems.add(list.get(i).origin(), element, list.get(i).unwrapped(), "must be a group of settings, { ... }",
                        "write it with braces");
            }
        }
        return nodes;
    }

    /** A text that means something; empty where there is none, or it means nothing. */
    <T> Optional<T> parsed(String name, String rule, String remedy, Function<String, T> parser) {
        return read(name, rule, remedy, (config, at) -> parser.apply(config.getString(at)));
    }

    Optional<Boolean> bool(String name) {
        return read(name, "must be true or false", "write one of the two", Config::getBoolean);
    }

    Optional<Long> number(String name, long least, long most) {
        return read(name, "must be a whole number from " + least + " to " + most, "choose one within", (config, at) ->
                within(config.getLong(at), least, most));
    }

    Optional<Duration> duration(String name, Duration least, Duration most, String rule) {
        return read(name, rule, "write a number and a unit: us, ms, s, m, h, d", (config, at) -> within(config.getDuration(at), least, most));
    }

    private static <T extends Comparable<T>> T within(T value, T least, T most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException("it is not");
        }
        return value;
    }

    private <T> Optional<T> read(String name, String rule, String remedy, BiFunction<Config, String, T> reader) {
        ConfigValue value = value(name);
        if (value == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(reader.apply(value.atKey("value"), "value"));
        } catch (ConfigException | IllegalArgumentException e) {
            problem(name, value, rule, remedy);
            return Optional.empty();
        }
    }

    /**
     * A list of texts, or one text.
     *
     * @param parser gives null where the text means nothing
     */
    <T> List<T> list(String name, String rule, String remedy, BiFunction<String, ConfigOrigin, T> parser) {
        List<T> parsed = new ArrayList<>();
        ConfigValue value = value(name);
        if (value == null) {
            return parsed;
        }
        List<? extends ConfigValue> elements = value instanceof ConfigList list ? list : List.of(value);
        for (ConfigValue element : elements) {
            T one = element.unwrapped() instanceof String || element.unwrapped() instanceof Number
                    ? parser.apply(String.valueOf(element.unwrapped()), element.origin()) : null;
            if (one == null) {
                problems.add(element.origin(), full(name), element.unwrapped(), rule, remedy);
            } else {
                parsed.add(one);
            }
        }
        return parsed;
    }

    /** What can be chosen, for remedies. */
    static String choices(List<String> names) {
        return "there are " + String.join(", ", names.stream().sorted(Comparator.naturalOrder()).toList());
    }
}
