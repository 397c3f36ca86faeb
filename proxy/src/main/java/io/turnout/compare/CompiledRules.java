package io.turnout.compare;

import com.google.re2j.Pattern;
import io.turnout.compare.ComparisonRules.Ignore;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Rules ready to be applied. Immutable. */
final class CompiledRules {
    private record Tolerated(Pointer pointer, double share) {}

    private final ComparisonRules rules;
    private final List<Pointer> ignored = new ArrayList<>();
    private final Set<String> ignoredHeaders = new HashSet<>();
    private final List<Pattern> patterns = new ArrayList<>();
    private final List<Tolerated> tolerances = new ArrayList<>();
    private final List<Pointer> unordered = new ArrayList<>();
    private final List<Pointer> redacted = new ArrayList<>();
    private final Set<String> redactedHeaders = new HashSet<>();

    CompiledRules(ComparisonRules rules) {
        this.rules = rules;
        rules.ignore().forEach(this::add);
        for (String place : rules.redact()) {
            if (place.startsWith("/")) {
                redacted.add(Pointer.of(place));
            } else {
                redactedHeaders.add(place);
            }
        }
    }

    private void add(Ignore ignore) {
        if (ignore instanceof Ignore.At at) {
            ignored.add(Pointer.of(at.pointer()));
        } else if (ignore instanceof Ignore.Header header) {
            ignoredHeaders.add(header.name());
        } else if (ignore instanceof Ignore.Matching matching) {
            patterns.add(Pattern.compile(matching.pattern()));
        } else if (ignore instanceof Ignore.Tolerance tolerance) {
            tolerances.add(new Tolerated(Pointer.of(tolerance.pointer()), tolerance.ppm() / 1e6));
        } else if (ignore instanceof Ignore.Unordered array) {
            unordered.add(Pointer.of(array.pointer()));
        }
    }

    ComparisonRules rules() {
        return rules;
    }

    /** The headers that are compared. */
    List<String> headers() {
        return rules.headers().stream()
                .filter(name -> !ignoredHeaders.contains(name))
                .toList();
    }

    boolean hasPatterns() {
        return !patterns.isEmpty();
    }

    boolean isIgnored(JsonPath path) {
        return anyCovers(ignored, path);
    }

    boolean isUnordered(JsonPath path) {
        return unordered.stream().anyMatch(pointer -> pointer.is(path));
    }

    boolean isRedacted(JsonPath path) {
        return anyCovers(redacted, path);
    }

    boolean isRedacted(String header) {
        return redactedHeaders.contains(header);
    }

    /** By how much numbers at the path may differ, as a share of the larger; 0 for not at all. */
    double tolerance(JsonPath path) {
        double widest = 0;
        for (Tolerated tolerated : tolerances) {
            if (tolerated.pointer.is(path)) {
                widest = Math.max(widest, tolerated.share);
            }
        }
        return widest;
    }

    /** The text without what does not count. */
    String essence(String text) {
        String rest = text;
        for (Pattern pattern : patterns) {
            rest = pattern.matcher(rest).replaceAll("");
        }
        return rest;
    }

    private static boolean anyCovers(List<Pointer> pointers, JsonPath path) {
        for (Pointer pointer : pointers) {
            if (pointer.covers(path)) {
                return true;
            }
        }
        return false;
    }
}
