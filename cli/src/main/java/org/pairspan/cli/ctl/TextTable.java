package org.pairspan.cli.ctl;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.HorizontalAlign;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Collectors;

/** Rows and lists as text in columns. */
final class TextTable {
    private static final int MAX_COLUMN = 60;

    private TextTable() {
    }

    /** One line a name, with its value behind it. */
    static String list(SequencedMap<String, String> values) {
        int width = values.keySet().stream().mapToInt(String::length).max().orElse(0);
        return values.entrySet().stream().map(entry -> "  " + entry.getKey() + " ".repeat(width - entry.getKey().length()) + "  " + entry.getValue())
            .collect(Collectors.joining("\n"));
    }

    /** One line a row, with the names as head. */
    static String of(List<SequencedMap<String, String>> rows) {
        List<String> names = rows.stream().flatMap(row -> row.keySet().stream()).distinct().toList();
        Column[] columns = names.stream().map(name -> new Column().header(name).headerAlign(HorizontalAlign.LEFT).maxWidth(MAX_COLUMN)
            .dataAlign(rows.stream().allMatch(row -> AttributeText.isNumber(row.get(name))) ? HorizontalAlign.RIGHT : HorizontalAlign.LEFT))
            .toArray(Column[]::new);
        Object[][] cells = rows.stream().map(row -> names.stream().map(name -> (Object) row.getOrDefault(name, "")).toArray()).toArray(Object[][]::new);
        return AsciiTable.getTable(AsciiTable.NO_BORDERS, columns, cells);
    }
}
