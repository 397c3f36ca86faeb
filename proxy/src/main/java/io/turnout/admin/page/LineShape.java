package io.turnout.admin.page;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The lines of one name: their constant parts, and where labels go between them, sorted by name as the formats' users
 * expect it. Immutable.
 */
final class LineShape {
    private final int[] order;
    private final String[] openings;
    private final String end;

    /**
     * @param name all lines begin with
     * @param labels names of the labels, in the order in which values are given
     * @param last name of a label that stands behind all others and whose value is given apart; empty for none
     */
    LineShape(String name, List<String> labels, String last) {
        order = order(labels);
        List<String> sorted = new ArrayList<>();
        for (int index : order) {
            sorted.add(labels.get(index));
        }
        if (!last.isEmpty()) {
            sorted.add(last);
        }
        openings = new String[sorted.size()];
        for (int i = 0; i < openings.length; i++) {
            openings[i] = (i == 0 ? name + '{' : "\",") + sorted.get(i) + "=\"";
        }
        end = openings.length == 0 ? name + ' ' : "\"} ";
    }

    /** Indexes of labels, sorted by their names. */
    static int[] order(List<String> labels) {
        return IntStream.range(0, labels.size())
                .boxed()
                .sorted(Comparator.comparing(labels::get))
                .mapToInt(index -> index)
                .toArray();
    }

    /** Begins a line: all but its number. */
    void begin(String[] labels, StringBuilder to) {
        appendLabels(labels, to);
        to.append(end);
    }

    /** Begins a line with a value of the last label. */
    void begin(String[] labels, String last, StringBuilder to) {
        appendLabels(labels, to);
        to.append(openings[order.length]).append(last).append(end);
    }

    private void appendLabels(String[] labels, StringBuilder to) {
        for (int i = 0; i < order.length; i++) {
            to.append(openings[i]);
            Escapes.appendLabel(labels[order[i]], to);
        }
    }
}
