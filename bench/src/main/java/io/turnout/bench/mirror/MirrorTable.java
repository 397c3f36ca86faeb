package io.turnout.bench.mirror;

import io.turnout.bench.machine.Refusal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/** The turns of all routes with one kind of request, as a table. Confined to the main thread. */
final class MirrorTable {
    /** Part of the requests that must have been copied, or the ratio would be of something else. */
    private static final double COPIED = .99;

    private record Row(String proxy, Shadow shadow) {}

    private final String title;
    private final Map<Row, List<Turn>> turns = new LinkedHashMap<>();

    MirrorTable(String title) {
        this.title = title;
    }

    void add(String proxy, Shadow shadow, Turn turn) {
        turns.computeIfAbsent(new Row(proxy, shadow), first -> new ArrayList<>())
                .add(turn);
    }

    /**
     * Medians, and ratios to the same proxy's route without a mirror in the same round: median (lowest to highest).
     *
     * @throws Refusal if a shadow that answers did not get a copy of nearly each request
     */
    String print() throws Refusal {
        StringBuilder text = new StringBuilder("\n## " + title
                + "\n\n| proxy | shadow | answered | failed | copies sent | completed | CPU us/request | ratio |"
                + " p50 us | ratio | p99 us | ratio | RSS MiB |\n"
                + "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n");
        for (Map.Entry<Row, List<Turn>> of : turns.entrySet()) {
            Row row = of.getKey();
            requireCopies(row, of.getValue());
            List<Turn> plain = turns.getOrDefault(new Row(row.proxy, Shadow.NONE), List.of());
            text.append(line(row, of.getValue(), plain));
        }
        return text.toString();
    }

    private void requireCopies(Row row, List<Turn> of) throws Refusal {
        long answered = sum(of, Turn::answered);
        long completed = sum(of, Turn::completed);
        long underWay = sum(of, Turn::underWay);
        if (row.shadow.answers() && completed < COPIED * answered - underWay) {
            throw new Refusal("found %,d of %,d requests copied whole by %s to shadow %s (%s), expected at least 99 %%"
                    .formatted(completed, answered, row.proxy, row.shadow.label(), title));
        }
    }

    private static String line(Row row, List<Turn> of, List<Turn> plain) {
        boolean mirrored = row.shadow != Shadow.NONE;
        OptionalLong sent =
                of.stream().map(Turn::sent).flatMapToLong(OptionalLong::stream).reduce(Long::sum);
        return "| %s | %s | %,d | %,d | %s | %s | %,.1f | %s | %,.0f | %s | %,.0f | %s | %,.0f |%n"
                .formatted(
                        row.proxy,
                        row.shadow.label(),
                        sum(of, Turn::answered),
                        sum(of, Turn::failed),
                        mirrored && sent.isPresent() ? "%,d".formatted(sent.getAsLong()) : "-",
                        mirrored ? "%,d".formatted(sum(of, Turn::completed)) : "-",
                        median(of, Turn::cpuMicros),
                        ratio(of, plain, Turn::cpuMicros),
                        median(of, Turn::p50Micros),
                        ratio(of, plain, Turn::p50Micros),
                        median(of, Turn::p99Micros),
                        ratio(of, plain, Turn::p99Micros),
                        median(of, Turn::rssMib));
    }

    private static long sum(List<Turn> turns, ToLongFunction<Turn> figure) {
        return turns.stream().mapToLong(figure).sum();
    }

    private static double median(List<Turn> turns, ToDoubleFunction<Turn> figure) {
        return median(turns.stream().mapToDouble(figure).sorted().toArray());
    }

    private static double median(double... sorted) {
        return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
    }

    private static String ratio(List<Turn> of, List<Turn> plain, ToDoubleFunction<Turn> figure) {
        double[] ratios = new double[Math.min(of.size(), plain.size())];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = figure.applyAsDouble(of.get(i)) / figure.applyAsDouble(plain.get(i));
        }
        Arrays.sort(ratios);
        return ratios.length == 0
                ? "-"
                : "%.2f (%.2f to %.2f)".formatted(median(ratios), ratios[0], ratios[ratios.length - 1]);
    }
}
