package io.turnout.control;

import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;

/** Figures as they stand in sentences. Stateless. */
final class Words {
    private Words() {}

    /** As in {@code blue 95, green 5}. */
    static String weights(Map<String, Integer> weights) {
        return weights.entrySet().stream()
                .map(weight -> weight.getKey() + " " + weight.getValue())
                .collect(Collectors.joining(", "));
    }

    /** As in {@code one of: blue, green}. */
    static String oneOf(Collection<String> names) {
        return "one of: " + String.join(", ", names);
    }

    /** Text that may come from anywhere, as one line. */
    static String line(String text) {
        return text.replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ");
    }
}
