package io.turnout.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rows in aligned columns. Not thread-safe. */
final class Table {
    private final List<String> header;
    private final int leftColumns;
    private final List<List<String>> rows = new ArrayList<>();

    /**
     * @param leftColumns how many of the first columns are text, aligned left; the others are figures, aligned right
     */
    Table(int leftColumns, String... header) {
        this.leftColumns = leftColumns;
        this.header = List.of(header);
    }

    void row(String... cells) {
        if (cells.length != header.size()) {
            throw new AssertionError(cells.length + " cells under " + header);
        }
        rows.add(Arrays.stream(cells)
                .map(cell -> Printable.text(cell).replace('\n', ' '))
                .toList());
    }

    /** The lines, each after the indent and without blanks at its end. */
    String text(String indent) {
        int[] widths = new int[header.size()];
        widen(widths, header);
        rows.forEach(row -> widen(widths, row));
        var text = new StringBuilder();
        line(indent, header, widths, text);
        rows.forEach(row -> line(indent, row, widths, text));
        return text.toString();
    }

    private static void widen(int[] widths, List<String> cells) {
        for (int i = 0; i < widths.length; i++) {
            widths[i] = Math.max(widths[i], length(cells.get(i)));
        }
    }

    private void line(String indent, List<String> cells, int[] widths, StringBuilder to) {
        var line = new StringBuilder(indent);
        for (int i = 0; i < cells.size(); i++) {
            String cell = cells.get(i);
            String blanks = " ".repeat(widths[i] - length(cell));
            line.append(i < leftColumns ? cell + blanks : blanks + cell).append("  ");
        }
        to.append(line.toString().stripTrailing()).append('\n');
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
