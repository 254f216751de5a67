package org.pairspan.runtime.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigUtil;
import java.io.File;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A program's settings: its file laid over a reference file on the class path, which holds every setting with its default and so is also the
 * list of known names. Environment variables may be substituted ({@code ${?NAME}}). Relative paths are meant against the file's own folder.
 *
 * <p>Every reader throws {@link ConfigurationException} when the value is missing, of another type, or out of its range.
 */
public final class Settings {
    private static final String GROUP = "must be a group of settings, { ... }";

    private final Config config;
    private final String prefix;
    private final Path folder;

    private Settings(Config config, String prefix, Path folder) {
        this.config = config;
        this.prefix = prefix;
        this.folder = folder;
    }

    /**
     * @param file the operator's file
     * @param root path of the settings inside it, such as {@code pairspan.node}; anything outside this root is an error
     * @param reference class path resource with the commented defaults, such as {@code node-reference.conf}; a setting without a default
     *     stands there as {@code null}, one whose names are the operator's own as an empty object
     * @param owner the class whose loader finds the reference
     */
    public static Settings load(Path file, String root, String reference, Class<?> owner) {
        return new Settings(SettingsFile.read(file, root, reference, owner), root, file.toAbsolutePath().normalize().getParent());
    }

    /** Whether the setting has a value. */
    public boolean has(String path) {
        return config.hasPath(path);
    }

    /** The settings below {@code path}. */
    public Settings at(String path) {
        return new Settings(read(path, GROUP, config::getConfig), fullName(path), folder);
    }

    /**
     * Each element of a list of groups.
     *
     * @param defaults path of the group that holds every setting such an element has, with its default; it is no element itself
     */
    public List<Settings> each(String path, String defaults) {
        List<? extends Config> elements = read(path, "must be a list of groups, [ { ... }, ... ]", config::getConfigList);
        return IntStream.range(0, elements.size()).mapToObj(i -> over(defaults, elements.get(i), path + "[" + i + "]")).toList();
    }

    /**
     * The groups whose names are the operator's own, by name.
     *
     * @param path     of the group that holds them; an empty one in the reference
     * @param defaults path of the group that holds every setting such a group has, with its default
     */
    public SortedMap<String, Settings> named(String path, String defaults) {
        SortedMap<String, Settings> groups = new TreeMap<>();
        for (String name : read(path, GROUP, config::getConfig).root().keySet()) {
            String inner = path + "." + ConfigUtil.joinPath(name);
            groups.put(name, over(defaults, read(inner, GROUP, config::getConfig), inner));
        }
        return groups;
    }

    private Settings over(String defaults, Config given, String path) {
        Config known = config.getConfig(defaults);
        KnownNames.check(given.root(), known.root(), fullName(path) + ".");
        return new Settings(given.withFallback(known), fullName(path), folder);
    }

    /** A text that is not empty. */
    public String string(String path) {
        String text = read(path, "must be text", config::getString);
        return require(path, text, !text.isBlank(), "must not be empty");
    }

    /** A whole number within {@code min..max}, both included. */
    public int integer(String path, int min, int max) {
        String rule = "must be a whole number from " + min + " to " + max;
        int number = read(path, rule, config::getInt);
        return require(path, number, number >= min && number <= max, rule);
    }

    /** The same of numbers that an {@code int} may not hold. */
    public long count(String path, long min, long max) {
        String rule = "must be a whole number from " + min + " to " + max;
        long number = read(path, rule, config::getLong);
        return require(path, number, number >= min && number <= max, rule);
    }

    /** {@code true} or {@code false}, and what HOCON takes for these: {@code yes}, {@code no}, {@code on}, {@code off}. */
    public boolean bool(String path) {
        return read(path, "must be true or false", config::getBoolean);
    }

    /** A time with its unit, such as {@code 500 ms} or {@code 10 s}, within {@code min..max}, both included. */
    public Duration duration(String path, Duration min, Duration max) {
        String rule = "must be a time with its unit (ms, s, m, h, d) from " + text(min) + " to " + text(max);
        Duration time = read(path, rule, config::getDuration);
        return require(path, time, time.compareTo(min) >= 0 && time.compareTo(max) <= 0, rule);
    }

    /** A size in bytes, such as {@code 64 KiB} or {@code 1 GiB}, within {@code min..max}, both included. */
    public long bytes(String path, long min, long max) {
        String rule = "must be a size (B, KiB, MiB, GiB) from " + min + " to " + max + " bytes";
        long size = read(path, rule, config::getBytes);
        return require(path, size, size >= min && size <= max, rule);
    }

    /** A path, which need not exist. */
    public Path path(String path) {
        String text = string(path);
        try {
            return folder.resolve(text).normalize();
        } catch (InvalidPathException e) {
            throw invalid(path, text, "must be a path of this file system", e);
        }
    }

    /** A file that exists and can be read. */
    public Path existingFile(String path) {
        Path file = path(path);
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new ConfigurationException(fullName(path), file.toString(), "must be a file this process can read",
                "create it, correct the path (relative paths start at " + folder + File.separator + "), or give this user permission to read it");
        }
        return file;
    }

    /** A port, 1..65535. */
    public int port(String path) {
        return integer(path, 1, HostPort.MAX_PORT);
    }

    /** The address that the settings {@code host} and {@code port} of this group make, port 1..65535; a name is resolved now. */
    public InetSocketAddress address() {
        String host = string("host");
        return resolved("host", host, new InetSocketAddress(host, port("port")));
    }

    /** An address with its port, {@code host:port} or {@code [ipv6]:port}, port 1..65535; a name is resolved now. */
    public InetSocketAddress hostPort(String path) {
        return parseHostPort(path, string(path));
    }

    /** A list of at least one {@link #hostPort(String)}. */
    public List<InetSocketAddress> hostPorts(String path) {
        return list(path, this::parseHostPort);
    }

    /** One of an enum's constants, written in lower case with dashes. */
    public <E extends Enum<E>> E enumOf(String path, Class<E> type) {
        String text = string(path);
        return Arrays.stream(type.getEnumConstants()).filter(constant -> dashed(constant).equals(text)).findFirst()
            .orElseThrow(() -> invalid(path, text, "must be one of "
                + Arrays.stream(type.getEnumConstants()).map(Settings::dashed).collect(Collectors.joining(", ")), null));
    }

    /**
     * A text that means something.
     *
     * @param rule what it must be, for the operator
     * @param parser throws {@link IllegalArgumentException} when it is not that
     */
    public <T> T parsed(String path, String rule, Function<String, T> parser) {
        return parse(path, string(path), rule, parser);
    }

    /** A list of at least one text that means something; see {@link #parsed}. */
    public <T> List<T> parsedList(String path, String rule, Function<String, T> parser) {
        return list(path, (element, text) -> parse(element, text, rule, parser));
    }

    /** The error for a value of this group that is wrong by a rule only the caller knows. */
    public ConfigurationException invalid(String path, Object value, String rule) {
        return invalid(path, value, rule, null);
    }

    private <T> List<T> list(String path, BiFunction<String, String, T> parser) {
        List<String> texts = read(path, "must be a list of texts, [ \"...\", ... ]", config::getStringList);
        require(path, texts, !texts.isEmpty(), "must have at least one element");
        return IntStream.range(0, texts.size()).mapToObj(i -> parser.apply(path + "[" + i + "]", texts.get(i))).toList();
    }

    private <T> T parse(String path, String text, String rule, Function<String, T> parser) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            throw invalid(path, text, rule + ": " + e.getMessage(), e);
        }
    }

    private InetSocketAddress parseHostPort(String path, String text) {
        InetSocketAddress named = parse(path, text, HostPort.RULE, HostPort::parse);
        return resolved(path, text, new InetSocketAddress(named.getHostString(), named.getPort()));
    }

    private InetSocketAddress resolved(String path, String text, InetSocketAddress address) {
        require(path, text, !address.isUnresolved(), "must be an address, or a name that resolves");
        return address;
    }

    private <T> T read(String path, String rule, Function<String, T> reader) {
        try {
            return reader.apply(path);
        } catch (ConfigException.Missing e) {
            throw new ConfigurationException(fullName(path), "(missing)", rule, "add it to the configuration file", e);
        } catch (ConfigException e) {
            throw invalid(path, config.getValue(path).unwrapped(), rule, ShownValue.isSecret(fullName(path)) ? null : e);
        }
    }

    private <T> T require(String path, T value, boolean holds, String rule) {
        if (!holds) {
            throw invalid(path, value, rule, null);
        }
        return value;
    }

    private ConfigurationException invalid(String path, Object value, String rule, Throwable cause) {
        String text = value instanceof Duration time ? text(time) : ShownValue.of(fullName(path), value);
        return new ConfigurationException(fullName(path), text, rule, "correct the value in the configuration file", cause);
    }

    /** The whole path of a setting of this group, as error messages name it. */
    public String fullName(String path) {
        return prefix + "." + path;
    }

    private static String text(Duration time) {
        return time.toNanosPart() % 1_000_000 != 0 || time.isZero() ? time.toNanos() + " ns"
            : time.toMillisPart() != 0 ? time.toMillis() + " ms" : time.toSeconds() + " s";
    }

    private static String dashed(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
