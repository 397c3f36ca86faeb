package io.turnout.admin.page;

import java.util.ArrayList;
import java.util.List;

/** One family on the page, and its values of the scrape under way. Not thread-safe. */
final class FamilyLines {
    /** Whole numbers below this are written out; from here on a double has an exponent. */
    private static final double PLAIN = 1e7;

    private static final long[] NONE = {};

    private final Family family;
    private final List<String> heads = new ArrayList<>();
    private final int[] order;
    private final LineShape values;
    private final LineShape buckets;
    private final LineShape counts;
    private final LineShape sums;
    private final List<Sample> samples = new ArrayList<>();

    /**
     * What one line, or the lines of one histogram, say. The arrays are handed over.
     *
     * @param value of a counter or gauge; the sum of anything else
     * @param bounds largest size of each count; empty for all but histograms
     * @param counts one for each bound, or all in one without bounds; empty for counters and gauges
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Sample(String[] labels, double value, List<String> bounds, long[] counts) {}

    FamilyLines(Family family) {
        this.family = family;
        for (PageFormat format : PageFormat.values()) {
            heads.add(format.head(family));
        }
        List<String> labels = family.labels();
        String name = family.exposedName();
        order = LineShape.order(labels);
        values = new LineShape(name, labels, "");
        buckets = new LineShape(name + "_bucket", labels, "le");
        counts = new LineShape(name + "_count", labels, "");
        sums = new LineShape(name + "_sum", labels, "");
    }

    void clear() {
        samples.clear();
    }

    void add(double value, String[] labels) {
        samples.add(new Sample(labels, value, List.of(), NONE));
    }

    void add(List<String> bounds, long[] counts, double sum, String[] labels) {
        samples.add(new Sample(labels, sum, bounds, counts));
    }

    /** Writes what was added; nothing at all when nothing was. */
    void write(PageFormat format, StringBuilder to) {
        if (samples.isEmpty()) {
            return;
        }
        samples.sort(this::compare);
        to.append(heads.get(format.ordinal()));
        for (Sample sample : samples) {
            switch (family.type()) {
                case COUNTER, GAUGE -> line(values, sample, to);
                case HISTOGRAM, SUMMARY -> distribution(sample, to);
            }
        }
    }

    private int compare(Sample one, Sample other) {
        for (int label : order) {
            int sign = one.labels()[label].compareTo(other.labels()[label]);
            if (sign != 0) {
                return sign;
            }
        }
        return 0;
    }

    private void distribution(Sample sample, StringBuilder to) {
        long sum = 0;
        for (int i = 0; i < sample.counts().length; i++) {
            sum += sample.counts()[i];
            if (i < sample.bounds().size()) {
                buckets.begin(sample.labels(), sample.bounds().get(i), to);
                to.append(sum).append('\n');
            }
        }
        counts.begin(sample.labels(), to);
        to.append(sum).append('\n');
        line(sums, sample, to);
    }

    private static void line(LineShape shape, Sample sample, StringBuilder to) {
        shape.begin(sample.labels(), to);
        number(sample.value(), to);
        to.append('\n');
    }

    private static void number(double value, StringBuilder to) {
        if (Math.abs(value) < PLAIN && value == (long) value) {
            to.append((long) value).append(".0");
        } else if (Double.isInfinite(value)) {
            to.append(value > 0 ? "+Inf" : "-Inf");
        } else {
            to.append(value);
        }
    }
}
