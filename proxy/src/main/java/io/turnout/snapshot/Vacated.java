package io.turnout.snapshot;

import io.turnout.routing.Route;
import io.turnout.routing.Split;
import io.turnout.routing.Variant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The variants that have lost all their traffic between two worlds, on routes whose long-lived clients are to follow it
 * ({@code onSwitch: drain}). Immutable.
 *
 * @param variants by name of the route; none is empty
 */
public record Vacated(Map<String, Set<String>> variants) {
    private static final Vacated NONE = new Vacated(Map.of());

    public Vacated {
        variants = Map.copyOf(variants);
    }

    /** What the step from one world to a later one has vacated; worlds between them do not matter. */
    public static Vacated between(Snapshot before, Snapshot after) {
        if (after.routes().stream().noneMatch(RoutePlan::drainsOnSwitch)) {
            return NONE;
        }
        Map<String, Route> routesBefore =
                before.table().routes().stream().collect(Collectors.toMap(Route::name, Function.identity()));
        Map<String, Set<String>> found = new HashMap<>();
        for (Route route : after.table().routes()) {
            Route known = routesBefore.get(route.name());
            if (known != null && after.routes().get(route.index()).drainsOnSwitch()) {
                Set<String> lost = lost(known.split(), route.split());
                if (!lost.isEmpty()) {
                    found.put(route.name(), lost);
                }
            }
        }
        return new Vacated(found);
    }

    private static Set<String> lost(Split before, Split after) {
        return before.variants().stream()
                .filter(variant -> variant.weight() > 0)
                .map(Variant::name)
                .filter(name -> after.weightOf(name) == 0)
                .collect(Collectors.toSet());
    }

    public boolean isEmpty() {
        return variants.isEmpty();
    }

    /** Whether this variant of the route has lost all its traffic. */
    public boolean contains(String route, String variant) {
        return variants.getOrDefault(route, Set.of()).contains(variant);
    }
}
