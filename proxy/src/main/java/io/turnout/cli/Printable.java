package io.turnout.cli;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;

/** Values as people read them in a terminal. Stateless. */
final class Printable {
    private Printable() {}

    /** Reasons and names are other people's text: nothing in it may steer the terminal. Line ends stay. */
    static String text(String raw) {
        return raw.replaceAll("[\\p{Cntrl}&&[^\\n]]|[\\u0080-\\u009f\\u202a-\\u202e\\u2066-\\u2069]", "?");
    }

    /** Text that catches the eye where the terminal can and may ({@code NO_COLOR}). */
    static String loud(String text) {
        return Ansi.AUTO.enabled() ? "\u001b[1;33m" + text + "\u001b[0m" : text;
    }

    /** To the second; finer is for programs. */
    static String time(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** A share of 0 to 1 as a percentage with two places. */
    static String percent(double share) {
        return String.format(Locale.ROOT, "%.2f %%", 100 * share);
    }

    static String millis(@Nullable Double millis) {
        return millis == null ? "-" : String.format(Locale.ROOT, millis < 10 ? "%.2f" : "%.1f", millis);
    }

    static String weights(Map<String, Integer> weights) {
        return weights.entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining(", "));
    }

    /** Virtual seconds, as fine as they matter. */
    static String shortTime(double seconds) {
        return seconds < 59.95 ? String.format(Locale.ROOT, "%.1fs", seconds) : seconds(Math.round(seconds));
    }

    /** Seconds in the two largest units that matter. */
    static String seconds(long seconds) {
        long[] sizes = {86_400, 3_600, 60, 1};
        List<String> units = List.of("d", "h", "m", "s");
        for (int i = 0; i < sizes.length; i++) {
            long whole = seconds / sizes[i];
            if (whole > 0 && i + 1 < sizes.length) {
                long rest = seconds % sizes[i] / sizes[i + 1];
                return whole + units.get(i) + (rest == 0 ? "" : " " + rest + units.get(i + 1));
            }
        }
        return seconds + "s";
    }
}
