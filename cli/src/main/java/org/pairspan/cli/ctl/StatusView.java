package org.pairspan.cli.ctl;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.TabularData;
import org.pairspan.protocol.wire.DropReason;

/**
 * Beans as text. Plain attributes stand in a list, or in one table where there are several beans of a type; attributes that hold rows become
 * tables of their own; counts by name show only those that are not zero. It knows the beans by their attributes' types, not by their names;
 * peers only, of which there is most to say, have a view of their own.
 */
final class StatusView {
    /** The type of a node's beans about its peers. */
    static final String PEER = "Peer";
    private static final String MAP_KEY = "key";
    private static final String MAP_VALUE = "value";

    private static final Map<String, String> REASONS =
        Stream.of(DropReason.values()).collect(Collectors.toMap(DropReason::name, DropReason::description));

    private StatusView() {
    }

    static String render(List<Bean> beans) {
        if (beans.isEmpty()) {
            return "(it has not registered anything to look at yet)";
        }
        Map<String, List<Bean>> byType = beans.stream().collect(Collectors.groupingBy(Bean::type, TreeMap::new, Collectors.toList()));
        return byType.values().stream().map(StatusView::renderType).collect(Collectors.joining("\n\n"));
    }

    private static String renderType(List<Bean> beans) {
        if (beans.getFirst().type().equals(PEER)) {
            return PeerView.render(beans);
        }
        String title = AttributeText.words(beans.getFirst().type());
        List<String> parts = new ArrayList<>();
        if (beans.size() == 1) {
            Bean bean = beans.getFirst();
            parts.add(title.toUpperCase(Locale.ROOT) + (bean.name().isEmpty() ? "" : " " + bean.name()));
            parts.add(TextTable.list(plain(bean)));
        } else {
            parts.add(title.toUpperCase(Locale.ROOT));
            parts.add(TextTable.of(beans.stream().map(StatusView::row).toList()));
        }
        for (Bean bean : beans) {
            bean.attributes().forEach((name, value) -> {
                String nested = nested(value);
                if (!nested.isEmpty()) {
                    String owner = beans.size() == 1 ? "" : " of " + bean.name();
                    parts.add("\n" + AttributeText.words(name) + owner + "\n" + nested);
                }
            });
        }
        return String.join("\n", parts.stream().filter(part -> !part.isEmpty()).toList());
    }

    /** The attributes that are one value each and say something, the most telling first. */
    private static SequencedMap<String, String> plain(Bean bean) {
        SequencedMap<String, String> values = new LinkedHashMap<>();
        AttributeText.ORDER.sorted(bean.attributes().keySet()).forEach(name -> {
            Object value = bean.attributes().get(name);
            if (!isNested(value) && !"".equals(value)) {
                values.put(AttributeText.words(name), AttributeText.format(name, value));
            }
        });
        return values;
    }

    private static SequencedMap<String, String> row(Bean bean) {
        SequencedMap<String, String> row = new LinkedHashMap<>();
        row.put("name", bean.name());
        row.putAll(plain(bean));
        return row;
    }

    private static boolean isNested(Object value) {
        return value instanceof TabularData || value instanceof CompositeData || value instanceof CompositeData[];
    }

    private static String nested(Object value) {
        return switch (value) {
            case CompositeData[] rows -> rows.length == 0 ? "  none" : TextTable.of(Stream.of(rows).map(StatusView::row).toList());
            case CompositeData single -> TextTable.list(row(single));
            case TabularData map -> counts(rowsOf(map));
            case null, default -> "";
        };
    }

    private static Collection<CompositeData> rowsOf(TabularData map) {
        return map.values().stream().map(CompositeData.class::cast).toList();
    }

    private static String counts(Collection<CompositeData> rows) {
        if (rows.stream().allMatch(row -> row.containsKey(MAP_KEY) && row.get(MAP_VALUE) instanceof CompositeData)) {
            return rows.isEmpty() ? "  none" : TextTable.of(rows.stream().map(StatusView::keyedRow).toList());
        }
        SequencedMap<String, String> lines = new LinkedHashMap<>();
        rows.stream().filter(row -> !(row.get(MAP_VALUE) instanceof Number number && number.longValue() == 0))
            .sorted(Comparator.comparing(row -> String.valueOf(row.get(MAP_KEY))))
            .forEach(row -> lines.put(String.valueOf(row.get(MAP_KEY)), AttributeText.format("", row.get(MAP_VALUE))));
        return lines.isEmpty() ? "  none" : TextTable.list(explained(lines));
    }

    /** Where what is counted are reasons to drop something, each with its meaning. */
    private static SequencedMap<String, String> explained(SequencedMap<String, String> lines) {
        int width = lines.values().stream().mapToInt(String::length).max().orElse(0);
        SequencedMap<String, String> explained = new LinkedHashMap<>();
        lines.forEach((name, count) -> explained.put(name,
            REASONS.containsKey(name) ? " ".repeat(width - count.length()) + count + "  " + REASONS.get(name) : count));
        return explained;
    }

    private static SequencedMap<String, String> keyedRow(CompositeData entry) {
        SequencedMap<String, String> row = new LinkedHashMap<>();
        row.put("name", String.valueOf(entry.get(MAP_KEY)));
        row.putAll(row((CompositeData) entry.get(MAP_VALUE)));
        return row;
    }

    private static SequencedMap<String, String> row(CompositeData data) {
        SequencedMap<String, String> row = new LinkedHashMap<>();
        AttributeText.ORDER.sorted(new TreeSet<>(data.getCompositeType().keySet()))
            .forEach(name -> row.put(AttributeText.words(name), AttributeText.format(name, data.get(name))));
        return row;
    }
}
