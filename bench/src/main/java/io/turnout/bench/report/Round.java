package io.turnout.bench.report;

import io.turnout.bench.machine.Noise;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one peer did in one round of a scenario. Immutable.
 *
 * @param number 1 for the first
 * @param failures requests that failed, by how; only in scenarios that count them
 * @param rssOverTime resident memory while it ran; empty unless the scenario watches it
 */
public record Round(
        int number,
        String peer,
        Map<Figure, Double> figures,
        Noise noise,
        Map<String, Long> failures,
        List<RssSample> rssOverTime) {
    /** Resident memory at a moment. */
    public record RssSample(double seconds, long kib) {}

    public Round {
        figures = Map.copyOf(figures);
        failures = Map.copyOf(failures);
        rssOverTime = List.copyOf(rssOverTime);
    }

    /** A round without failures. */
    public static Round of(int number, String peer, Map<Figure, Double> figures, Noise noise) {
        return new Round(number, peer, figures, noise, Map.of(), List.of());
    }

    /** The figures in a fixed order, for files that people compare. */
    public Map<Figure, Double> orderedFigures() {
        return figures.isEmpty() ? Map.of() : new EnumMap<>(figures);
    }

    /** The failures in a fixed order. */
    public Map<String, Long> orderedFailures() {
        return new TreeMap<>(failures);
    }
}
