package org.pairspan.cli.ctl;

import java.lang.reflect.Array;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Attributes of beans in words: names, values with units, and the order in which people look for them. */
final class AttributeText {
    /** The most telling names first; others follow by name. */
    static final Order ORDER = new Order(List.of("name", "id", "memberid", "peerid", "peer", "version", "state", "status", "leader", "device", "bearer",
        "bearerlocal", "bearerremote", "keyservice", "keyserviceaddress", "keyserviceconnected", "number", "suite", "keyversion", "generation", "prefixes",
        "members", "pairs", "associations", "packetsout", "packetssent", "bytesout", "bytessent", "packetsin", "packetsreceived", "bytesin", "bytesreceived"));

    private static final Map<String, TimeUnit> UNITS = Map.of("Nanos", TimeUnit.NANOSECONDS, "Micros", TimeUnit.MICROSECONDS,
        "Millis", TimeUnit.MILLISECONDS, "Seconds", TimeUnit.SECONDS);
    private static final Pattern UNIT = Pattern.compile("(?<=[a-z0-9])(" + String.join("|", UNITS.keySet()) + ")$");

    private AttributeText() {
    }

    /** {@code PacketsSent} and {@code packetsSent} are both "packets sent"; a time's unit stands with its value. */
    static String words(String name) {
        return UNIT.matcher(name).replaceFirst("").replaceAll("(?<=[a-z0-9])(?=[A-Z])|(?<=[a-z])(?=[0-9])", " ").toLowerCase(Locale.ROOT);
    }

    static String format(String name, Object value) {
        return switch (value) {
            case null -> "-";
            case Boolean yes -> yes ? "yes" : "no";
            case Number number when name.toLowerCase(Locale.ROOT).contains("bytes") -> Amounts.bytes(number.longValue());
            case Number number when unit(name) != null -> Amounts.time(unit(name).toNanos(number.longValue()));
            case Double real -> String.format(Locale.ROOT, "%,.1f", real);
            case Number number -> isCount(name) ? Amounts.count(number.longValue()) : number.toString();
            case Object array when array.getClass().isArray() -> join(IntStream.range(0, Array.getLength(array)).mapToObj(i -> Array.get(array, i)));
            case Collection<?> many -> join(many.stream().map(Object.class::cast));
            default -> value.toString();
        };
    }

    static boolean isNumber(String text) {
        return text == null || text.isEmpty() || text.matches("-|[0-9][0-9,.]*( ([KMGTPE]?i?B|[nµm]?s))?");
    }

    /** Of a time; null where the name tells of none. */
    private static TimeUnit unit(String name) {
        Matcher matcher = UNIT.matcher(name);
        return matcher.find() ? UNITS.get(matcher.group()) : null;
    }

    private static boolean isCount(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return !lower.endsWith("id") && !lower.endsWith("version") && !lower.endsWith("generation") && !lower.endsWith("port");
    }

    private static String join(Stream<Object> values) {
        String text = values.map(String::valueOf).collect(Collectors.joining(", "));
        return text.isEmpty() ? "none" : text;
    }

    /** Known names first, in their order; then the others by name. */
    record Order(List<String> known) {
        List<String> sorted(Collection<String> names) {
            return names.stream().sorted(Comparator.comparingInt(this::rank).thenComparing(Comparator.naturalOrder())).toList();
        }

        private int rank(String name) {
            int index = known.indexOf(name.toLowerCase(Locale.ROOT));
            return index < 0 ? known.size() : index;
        }
    }
}
