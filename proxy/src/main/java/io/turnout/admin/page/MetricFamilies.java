package io.turnout.admin.page;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The values of one scrape, filled and thrown away. There is nothing to remember when a route or pool goes: what is not
 * put in is not there. Families are sorted by name, and the values of each by those of their labels.
 *
 * <p>Not thread-safe. The memory of one scrape serves the next.
 */
public final class MetricFamilies {
    private static final int USUAL_LENGTH = 64 * 1024;

    private final Map<Family, FamilyLines> lines = new HashMap<>();
    private final List<FamilyLines> sorted;
    private final StringBuilder page = new StringBuilder(USUAL_LENGTH);

    /** A page with these families at most. */
    public MetricFamilies(Collection<? extends Family> families) {
        families.forEach(family -> lines.put(family, new FamilyLines(family)));
        sorted = families.stream()
                .sorted(Comparator.comparing(Family::familyName))
                .map(this::lines)
                .toList();
    }

    /** Adds a value of a counter or gauge, with its labels in the family's order. Exact up to 2^53. */
    public void add(Family family, long count, String... labels) {
        lines(family).add((double) count, labels);
    }

    /** Adds a yes or no as 1 or 0. */
    public void add(Family family, boolean fact, String... labels) {
        add(family, fact ? 1 : 0, labels);
    }

    /** Adds a value of a gauge that is no whole number. */
    public void addGauge(Family family, double value, String... labels) {
        lines(family).add(value, labels);
    }

    /** Adds how many there were, and their sum. */
    public void addSummary(Family family, long count, double sum, String... labels) {
        lines(family).add(List.of(), new long[] {count}, sum, labels);
    }

    /**
     * Adds counts by size, and the sum of all sizes.
     *
     * @param bounds the largest size of each count as text, the last one {@code +Inf}
     * @param counts handed over
     */
    public void addHistogram(Family family, List<String> bounds, long[] counts, double sum, String... labels) {
        lines(family).add(bounds, counts, sum, labels);
    }

    private FamilyLines lines(Family family) {
        FamilyLines known = lines.get(family);
        if (known == null) {
            throw new IllegalArgumentException(family.exposedName() + " is not among the families of the page");
        }
        return known;
    }

    /** What was added, as a page; after this, nothing is added yet. */
    public byte[] take(PageFormat format) {
        page.setLength(0);
        for (FamilyLines family : sorted) {
            family.write(format, page);
            family.clear();
        }
        return page.append(format.end()).toString().getBytes(StandardCharsets.UTF_8);
    }
}
