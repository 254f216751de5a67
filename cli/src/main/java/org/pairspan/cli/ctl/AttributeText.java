package org.pairspan.cli.ctl;

import java.lang.reflect.Array;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Attributes of beans in words: names, values with units, and the order in which people look for them. */
final class AttributeText {
    /** The most telling names first; others follow by name. */
    static final Order ORDER = new Order(List.of("name", "id", "memberid", "peerid", "peer", "version", "state", "status", "leader", "device", "bearer",
        "bearerlocal", "bearerremote", "keyservice", "keyserviceaddress", "keyserviceconnected", "number", "suite", "keyversion", "generation", "prefixes",
        "members", "pairs", "associations", "packetsout", "packetssent", "bytesout", "bytessent", "packetsin", "packetsreceived", "bytesin", "bytesreceived"));

    private static final String[] BINARY_UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

    private AttributeText() {
    }

    /** {@code PacketsSent} and {@code packetsSent} are both "packets sent". */
    static String words(String name) {
        return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])|(?<=[a-z])(?=[0-9])", " ").toLowerCase(Locale.ROOT);
    }

    static String format(String name, Object value) {
        return switch (value) {
            case null -> "-";
            case Boolean yes -> yes ? "yes" : "no";
            case Number number when name.toLowerCase(Locale.ROOT).contains("bytes") -> bytes(number.longValue());
            case Double real -> String.format(Locale.ROOT, "%,.1f", real);
            case Number number -> isCount(name) ? String.format(Locale.ROOT, "%,d", number.longValue()) : number.toString();
            case Object array when array.getClass().isArray() -> join(IntStream.range(0, Array.getLength(array)).mapToObj(i -> Array.get(array, i)));
            case Collection<?> many -> join(many.stream().map(Object.class::cast));
            default -> value.toString();
        };
    }

    static boolean isNumber(String text) {
        return text == null || text.isEmpty() || text.matches("-|[0-9][0-9,.]*( [KMGTPE]?i?B)?");
    }

    private static boolean isCount(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return !lower.endsWith("id") && !lower.endsWith("version") && !lower.endsWith("generation") && !lower.endsWith("port");
    }

    private static String join(Stream<Object> values) {
        String text = values.map(String::valueOf).collect(Collectors.joining(", "));
        return text.isEmpty() ? "none" : text;
    }

    private static String bytes(long bytes) {
        int unit = 0;
        double scaled = bytes;
        while (scaled >= 1024 && unit < BINARY_UNITS.length - 1) {
            scaled /= 1024;
            unit++;
        }
        return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", scaled, BINARY_UNITS[unit]);
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
