package org.pairspan.kms.policy.document;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.pairspan.kms.policy.KeyLifetime;
import org.pairspan.kms.policy.PairTerms;
import org.pairspan.kms.policy.TrafficClass;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.handshake.KeyExchange;
import org.pairspan.protocol.padding.PaddingMode;
import org.pairspan.protocol.padding.PaddingSettings;

/** Reads how a pair is to talk. What a rule does not say is as in the defaults; a group in it replaces that of the defaults as a whole. */
final class ParameterReader {

    /** Names of parameters. */
    static final List<String> NAMES = List.of("suites", "class", "padding", "strict", "key-exchange", "key-lifetime", "source");

    private static final String ANY = "any";
    private static final String DEFAULT = "default";
    private static final Pattern SOURCE = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
    private static final Duration SHORTEST_AGE = Duration.ofMinutes(1);
    private static final Duration LONGEST_AGE = Duration.ofDays(3650);
    private static final Duration SHORTEST_INTERVAL = Duration.ofNanos(10_000);
    private static final Duration LONGEST_INTERVAL = Duration.ofSeconds(10);
    private static final int SMALLEST_MULTIPLE = 16;
    private static final int LARGEST_MULTIPLE = 65_536;
    private static final long MOST_GENERATIONS = 1_000_000_000_000L;

    private ParameterReader() {
    }

    static Parameters read(Node node, Parameters defaults) {
        PairTerms terms = defaults.terms();
        return new Parameters(
                node.has("suites") ? suites(node) : defaults.suites(),
                new PairTerms(
                        node.has("class") ? trafficClass(node) : terms.trafficClass(),
                        node.node("padding").map(ParameterReader::padding).orElse(terms.padding()),
                        node.bool("strict").orElse(terms.strict()),
                        node.has("key-exchange") ? exchange(node) : terms.exchange()),
                node.node("key-lifetime").map(ParameterReader::lifetime).orElse(defaults.keyLifetime()),
                node.has("source") ? source(node) : defaults.source());
    }

    private static List<Suite> suites(Node node) {
        List<String> names = Arrays.stream(Suite.values()).map(Suite::wireName).toList();
        List<Suite> suites = node.list("suites", "must be the names of suites", Node.choices(names), (text, origin) ->
                Arrays.stream(Suite.values()).filter(suite -> suite.wireName().equals(text)).findFirst().orElse(null));
        if (suites.isEmpty() || suites.stream().distinct().count() < suites.size()) {
            node.problem("suites", node.value("suites"), "must name at least one suite, and each once", Node.choices(names));
        }
        return suites;
    }

    private static Optional<TrafficClass> trafficClass(Node node) {
        List<String> names = Stream.concat(Stream.of(ANY), words(TrafficClass.values())).toList();
        return node.parsed("class", "must be the name of a traffic class, or any, which leaves it to the members", Node.choices(names),
                text -> text.equals(ANY) ? Optional.<TrafficClass>empty() : Optional.of(constant(TrafficClass.values(), text)))
                .flatMap(found -> found);
    }

    private static Optional<KeyExchange> exchange(Node node) {
        List<String> names = Stream.concat(Stream.of(DEFAULT), Arrays.stream(KeyExchange.values()).map(KeyExchange::wireName)).toList();
        return node.parsed("key-exchange", "must be the name of a key exchange, or default, which leaves it to the members",
                Node.choices(names), text -> text.equals(DEFAULT) ? Optional.<KeyExchange>empty() : Optional.of(KeyExchange.ofName(text)))
                .flatMap(found -> found);
    }

    private static PaddingSettings padding(Node node) {
        node.allowOnly(List.of("mode", "multiple", "interval"));
        List<String> names = words(PaddingMode.values()).toList();
        Optional<PaddingMode> mode = node.parsed("mode", "must be the name of a mode", Node.choices(names),
                text -> constant(PaddingMode.values(), text));
        if (!node.has("mode")) {
            node.problem("mode", "(missing)", "must be the name of a mode", Node.choices(names));
        }
        Optional<Long> multiple = node.number("multiple", SMALLEST_MULTIPLE, LARGEST_MULTIPLE);
        Optional<Duration> interval = node.duration("interval", SHORTEST_INTERVAL, LONGEST_INTERVAL, "must be a time from 10 us to 10 s");
        requireFor(node, mode, PaddingMode.MULTIPLE, "multiple");
        requireFor(node, mode, PaddingMode.CONSTANT_RATE, "interval");
        return switch (mode.orElse(PaddingMode.NONE)) {
            case NONE -> PaddingSettings.OFF;
            case MULTIPLE -> new PaddingSettings(PaddingMode.MULTIPLE, multiple.orElse((long) SMALLEST_MULTIPLE).intValue(), 0);
            case FULL -> new PaddingSettings(PaddingMode.FULL, 0, 0);
            case CONSTANT_RATE -> new PaddingSettings(PaddingMode.CONSTANT_RATE, 0, interval.orElse(LONGEST_INTERVAL).toNanos());
        };
    }

    private static void requireFor(Node node, Optional<PaddingMode> mode, PaddingMode its, String name) {
        if (mode.isEmpty()) {
            return;
        }
        boolean wanted = mode.get() == its;
        if (wanted && !node.has(name)) {
            node.problem(name, "(missing)", "mode " + word(its) + " needs it", "add it");
        } else if (!wanted && node.has(name)) {
            node.problem(name, node.value(name), "only mode " + word(its) + " has it", "take it out, or choose that mode");
        }
    }

    private static KeyLifetime lifetime(Node node) {
        node.allowOnly(List.of("age", "generations"));
        Optional<Duration> age = node.duration("age", SHORTEST_AGE, LONGEST_AGE, "must be a time from 1 m to 3650 d");
        Optional<Long> generations = node.number("generations", 1, MOST_GENERATIONS);
        return new KeyLifetime(age, generations.map(OptionalLong::of).orElse(OptionalLong.empty()));
    }

    private static Optional<String> source(Node node) {
        return node.parsed("source", "must be the name of a key source: a-z 0-9 - only; or default, the service's usual one",
                "correct the name", text -> {
                    if (!SOURCE.matcher(text).matches()) {
                        throw new IllegalArgumentException(text);
                    }
                    return text.equals(DEFAULT) ? Optional.<String>empty() : Optional.of(text);
                }).flatMap(found -> found);
    }

    private static <E extends Enum<E>> E constant(E[] constants, String text) {
        return Arrays.stream(constants).filter(constant -> word(constant).equals(text)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException(text));
    }

    private static Stream<String> words(Enum<?>[] constants) {
        return Arrays.stream(constants).map(ParameterReader::word);
    }

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
