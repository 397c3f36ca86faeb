package io.turnout.compare;

import io.turnout.compare.Comparison.BodySkip;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Everything found out about one mirror, bounded however many fields there are. Mutable; use it from one thread. */
public final class DifferenceBook {
    /** Fields kept apart; answers with generated member names would otherwise fill the memory. */
    public static final int MAX_FIELDS = 500;

    private final ComparisonRules rules;
    private final AnswerComparer comparer;
    private final Map<Field, Entry> entries = new LinkedHashMap<>();
    private final Map<FieldClass, Long> byClass = new EnumMap<>(FieldClass.class);
    private final Map<String, Long> skipped = new TreeMap<>();
    private long compared;
    private long different;
    private long notKept;

    /** An empty book. */
    public DifferenceBook(ComparisonRules rules) {
        this.rules = rules;
        this.comparer = new AnswerComparer(rules);
    }

    /** The rules it goes by. */
    public ComparisonRules rules() {
        return rules;
    }

    /** Compares and remembers. */
    public void add(Answers answers) {
        Comparison raw = comparer.compare(answers.primary(), answers.shadow());
        Answer control = answers.control();
        Comparison noise = control == null ? null : comparer.compare(answers.primary(), control);
        compared++;
        BodySkip skip = skipOf(raw, noise);
        if (skip != null) {
            skipped.merge(skip.label(), 1L, Long::sum);
        }
        if (noise != null) {
            noise.differences().forEach(difference -> countNoise(difference.field()));
        }
        boolean beyondNoise = false;
        EnumMap<FieldClass, Boolean> classes = new EnumMap<>(FieldClass.class);
        for (Difference difference : raw.differences()) {
            beyondNoise |= countDifference(difference, answers.request());
            classes.put(difference.field().kind(), true);
        }
        classes.keySet().forEach(kind -> byClass.merge(kind, 1L, Long::sum));
        different += beyondNoise ? 1 : 0;
    }

    private static @Nullable BodySkip skipOf(Comparison raw, @Nullable Comparison noise) {
        return raw.bodySkipped() != null || noise == null ? raw.bodySkipped() : noise.bodySkipped();
    }

    private void countNoise(Field field) {
        Entry entry = entry(field);
        if (entry != null) {
            entry.noise++;
        }
    }

    /** Answers whether the field is flagged. */
    private boolean countDifference(Difference difference, String request) {
        Entry entry = entry(difference.field());
        if (entry == null) {
            notKept++;
            return false;
        }
        entry.different++;
        if (entry.samples.size() < rules.samples()) {
            entry.samples.add(new Sample(request, difference.primary(), difference.other()));
        }
        return Finding.isFlagged(rules, compared, entry.different, entry.noise);
    }

    private @Nullable Entry entry(Field field) {
        Entry known = entries.get(field);
        if (known == null && entries.size() < MAX_FIELDS) {
            known = new Entry();
            entries.put(field, known);
        }
        return known;
    }

    /** What is known now. */
    public DifferenceReport report() {
        List<Finding> findings = new ArrayList<>();
        entries.forEach((field, entry) -> findings.add(new Finding(
                field,
                entry.different,
                entry.noise,
                Finding.isFlagged(rules, compared, entry.different, entry.noise),
                entry.samples)));
        findings.sort(Comparator.comparing(Finding::flagged)
                .thenComparing(Finding::different)
                .reversed()
                .thenComparing(finding -> finding.field().toString()));
        return new DifferenceReport(compared, different, byClass, skipped, findings, notKept);
    }

    private static final class Entry {
        final List<Sample> samples = new ArrayList<>();
        long different;
        long noise;
    }
}
