package io.turnout.bench.report;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/**
 * All rounds of a scenario. Immutable.
 *
 * @param figures what its table shows; the first is the one it is about
 * @param rounds in the order they were measured
 */
public record ScenarioResult(String name, String title, List<Figure> figures, List<Round> rounds) {
    public ScenarioResult {
        figures = List.copyOf(figures);
        rounds = List.copyOf(rounds);
        if (figures.isEmpty()) {
            throw new IllegalArgumentException("scenario " + name + " has no figures");
        }
    }

    /** The peers, in the order they came. */
    public List<String> peers() {
        return rounds.stream().map(Round::peer).distinct().toList();
    }

    /** Median over the rounds of a peer; empty if none has the figure. */
    public OptionalDouble median(String peer, Figure figure) {
        return median(rounds.stream()
                .filter(round -> round.peer().equals(peer) && round.figures().containsKey(figure))
                .mapToDouble(round -> value(round, figure))
                .toArray());
    }

    /**
     * The figure of a peer over that of another in the same round, for each round that has both: only ratios within a
     * round survive the moods of a machine.
     */
    public double[] ratios(String peer, String baseline, Figure figure) {
        return rounds.stream()
                .filter(round -> round.peer().equals(peer) && round.figures().containsKey(figure))
                .flatMap(round -> rounds.stream()
                        .filter(other -> other.peer().equals(baseline)
                                && other.number() == round.number()
                                && other.figures().containsKey(figure)
                                && value(other, figure) > 0)
                        .map(other -> value(round, figure) / value(other, figure)))
                .mapToDouble(Double::doubleValue)
                .toArray();
    }

    /** The rounds that were disturbed. */
    public List<Round> noisyRounds() {
        return rounds.stream().filter(round -> round.noise().isNoisy()).toList();
    }

    /** Whether more than half of all that was measured was disturbed. */
    public boolean isMostlyNoisy() {
        return noisyRounds().size() * 2 > rounds.size();
    }

    private static double value(Round round, Figure figure) {
        Double value = round.figures().get(figure);
        if (value == null) {
            throw new AssertionError("asked for a figure that was not measured: " + figure);
        }
        return value;
    }

    /** The middle value, or the mean of the two in the middle. */
    static OptionalDouble median(double... values) {
        if (values.length == 0) {
            return OptionalDouble.empty();
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return OptionalDouble.of(sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2);
    }
}
