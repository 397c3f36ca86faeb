package io.turnout.bench.report;

import java.util.Arrays;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** Writes a run as Markdown: a table for each scenario, medians and ratios. Stateless. */
public final class MarkdownReport {
    private MarkdownReport() {}

    /** The whole run as text. */
    public static String write(BenchResult result) {
        StringBuilder text = new StringBuilder("# Measured " + result.started() + "\n\n");
        result.stoppedBy()
                .ifPresent(reason ->
                        text.append("> **Incomplete**: ").append(reason).append("\n\n"));
        for (String doubt : result.doubts()) {
            text.append("> **Not to be trusted**: ").append(doubt).append("\n\n");
        }
        text.append("How it is measured is in [README.md](README.md). Medians of the rounds; ratios are to ")
                .append(result.baseline())
                .append(" in the same round: median (lowest to highest).\n\n");
        result.peers()
                .forEach(peer -> text.append("- ")
                        .append(peer.name())
                        .append(": ")
                        .append(peer.version())
                        .append('\n'));
        new TreeMap<>(result.facts()).forEach((name, fact) -> bullet(text, name, fact));
        bullet(text, "options", new TreeMap<>(result.options()).toString());
        result.leftOut().forEach(skipped -> bullet(text, "skipped", skipped));
        for (ScenarioResult scenario : result.scenarios()) {
            text.append("\n## ")
                    .append(scenario.title())
                    .append(" (`")
                    .append(scenario.name())
                    .append("`)\n\n");
            text.append(table(scenario, result.baseline()));
            noise(text, scenario);
        }
        return text.toString();
    }

    private static void bullet(StringBuilder text, String name, String fact) {
        text.append("- ").append(name).append(": ").append(fact).append('\n');
    }

    /** The table of one scenario. */
    public static String table(ScenarioResult scenario, String baseline) {
        Figure main = scenario.figures().get(0);
        StringBuilder text = new StringBuilder("| peer |");
        StringBuilder line = new StringBuilder("|---|");
        for (Figure figure : scenario.figures()) {
            text.append(' ').append(figure.title()).append(" |");
            line.append("--:|");
            if (figure == main) {
                text.append(" ratio |");
                line.append("--:|");
            }
        }
        text.append('\n').append(line).append('\n');
        for (String peer : scenario.peers()) {
            text.append("| ").append(peer).append(" |");
            for (Figure figure : scenario.figures()) {
                OptionalDouble median = scenario.median(peer, figure);
                text.append(' ')
                        .append(median.isPresent() ? figure.format(median.getAsDouble()) : "-")
                        .append(" |");
                if (figure == main) {
                    text.append(' ')
                            .append(ratio(scenario.ratios(peer, baseline, main)))
                            .append(" |");
                }
            }
            text.append('\n');
        }
        return text.toString();
    }

    private static String ratio(double... ratios) {
        OptionalDouble median = ScenarioResult.median(ratios);
        if (median.isEmpty()) {
            return "-";
        }
        double lowest = Arrays.stream(ratios).min().orElseThrow();
        double highest = Arrays.stream(ratios).max().orElseThrow();
        return String.format(Locale.ROOT, "%.2f (%.2f to %.2f)", median.getAsDouble(), lowest, highest);
    }

    private static void noise(StringBuilder text, ScenarioResult scenario) {
        int noisy = scenario.noisyRounds().size();
        if (noisy > 0) {
            text.append('\n')
                    .append(noisy)
                    .append(" of ")
                    .append(scenario.rounds().size())
                    .append(" measurements were disturbed: something else ran on the proxy's core, or the host took"
                            + " time away.\n");
        }
    }
}
