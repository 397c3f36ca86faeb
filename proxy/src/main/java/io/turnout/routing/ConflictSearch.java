package io.turnout.routing;

import io.turnout.routing.RouteConflict.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds {@link RouteConflict}s among the routes of each host. Confined to the construction of one table.
 *
 * <p>Each route is reported at most once per host, against the first route it loses to. Regular expressions are compared
 * as text only: whether two of them can match the same value is not worked out.
 */
final class ConflictSearch {
    private static final PathMatch ROOT = new PathMatch.Prefix("/");

    private final List<RouteConflict> found = new ArrayList<>();

    /** @param groups the routes of this host by path, ranked within each */
    void search(String host, Map<PathMatch, List<Candidate>> groups) {
        List<Candidate> underRoot = groups.getOrDefault(ROOT, List.of());
        groups.forEach((path, ranked) -> {
            boolean rankedBelowRoot = path instanceof PathMatch.Regex || path instanceof PathMatch.Any;
            for (int i = 0; i < ranked.size(); i++) {
                Candidate loser = ranked.get(i);
                RouteConflict conflict = rankedBelowRoot ? shadowed(underRoot, loser, host) : null;
                if (conflict == null) {
                    conflict = firstConflict(ranked.subList(0, i), loser, host);
                }
                if (conflict != null) {
                    found.add(conflict);
                }
            }
        });
    }

    List<RouteConflict> found() {
        return List.copyOf(found);
    }

    private static @Nullable RouteConflict shadowed(List<Candidate> above, Candidate loser, String host) {
        for (Candidate winner : above) {
            if (covers(winner.conditions(), loser.conditions())) {
                return conflict(Kind.UNREACHABLE, winner, loser, host);
            }
        }
        return null;
    }

    /** Being unreachable is the worse news, whichever route causes it. */
    private static @Nullable RouteConflict firstConflict(List<Candidate> above, Candidate loser, String host) {
        RouteConflict shadow = shadowed(above, loser, host);
        if (shadow != null) {
            return shadow;
        }
        for (Candidate winner : above) {
            if (sameRank(winner.conditions(), loser.conditions())
                    && !exclude(winner.conditions(), loser.conditions())) {
                return conflict(Kind.TIE, winner, loser, host);
            }
        }
        return null;
    }

    private static RouteConflict conflict(Kind kind, Candidate winner, Candidate loser, String host) {
        return new RouteConflict(kind, winner.route().name(), loser.route().name(), host);
    }

    /** Whether every request that meets {@code narrow} meets {@code wide}, as far as methods and fields go. */
    private static boolean covers(Conditions wide, Conditions narrow) {
        boolean methods = wide.methods().isEmpty()
                || (!narrow.methods().isEmpty() && wide.methods().containsAll(narrow.methods()));
        return methods && wide.fields().stream().allMatch(field -> isImplied(field, narrow.fields()));
    }

    private static boolean isImplied(FieldMatch wanted, List<FieldMatch> given) {
        return given.stream()
                .anyMatch(field -> field.equals(wanted)
                        || (wanted.value() instanceof ValueMatch.Present && sameField(field, wanted)));
    }

    private static boolean sameRank(Conditions a, Conditions b) {
        return a.methods().isEmpty() == b.methods().isEmpty()
                && a.headerMatches() == b.headerMatches()
                && a.queryMatches() == b.queryMatches();
    }

    /** Whether no request can meet both: their methods differ, or one field would need two values. */
    private static boolean exclude(Conditions a, Conditions b) {
        return excludeMethods(a.methods(), b.methods())
                || a.fields().stream().anyMatch(x -> b.fields().stream().anyMatch(y -> excludeValues(x, y)));
    }

    private static boolean excludeMethods(List<String> a, List<String> b) {
        Set<String> common = new HashSet<>(a);
        common.retainAll(b);
        return !a.isEmpty() && !b.isEmpty() && common.isEmpty();
    }

    private static boolean excludeValues(FieldMatch a, FieldMatch b) {
        return sameField(a, b)
                && a.value() instanceof ValueMatch.Exact x
                && b.value() instanceof ValueMatch.Exact y
                && !x.equals(y);
    }

    private static boolean sameField(FieldMatch a, FieldMatch b) {
        return a.place() == b.place() && a.name().equals(b.name());
    }
}
