package io.turnout.config;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the canonical constructors of the records insist on; a violation is a bug of the caller, not of the file. */
final class Require {
    private Require() {}

    static String text(String name, String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException(name + " is blank");
        }
        return value;
    }

    static void within(String name, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(name + " is " + value + ", expected " + min + " to " + max);
        }
    }

    static void atLeast(String name, long value, long min) {
        within(name, value, min, Long.MAX_VALUE);
    }

    static void ratio(String name, double value, double min) {
        if (!Double.isFinite(value) || value < min) {
            throw new IllegalArgumentException(name + " is " + value + ", expected at least " + min);
        }
    }

    static void ppm(String name, int value) {
        within(name, value, 0, 1_000_000);
    }

    static void positive(String name, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " is " + value + ", expected more than zero");
        }
    }

    static void notNegative(String name, Duration value) {
        if (value.isNegative()) {
            throw new IllegalArgumentException(name + " is " + value + ", expected zero or more");
        }
    }

    /** An immutable copy that keeps the order of the file, which {@link Map#copyOf} does not. */
    static <K, V> Map<K, V> ordered(Map<K, V> map) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }
}
