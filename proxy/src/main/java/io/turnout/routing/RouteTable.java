package io.turnout.routing;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All routes of a snapshot, compiled so that the most specific match is found without looking at the others. Immutable.
 *
 * <p>Finding a route takes a few hash lookups for the host and one pass over the path, however many routes there are;
 * only routes with the same host and path are compared one by one, and regular expressions are tried in file order.
 * Deciding allocates nothing, unless a regular expression is reached or a visitor id is minted.
 */
public final class RouteTable {
    private final List<Route> routes;
    private final HostIndex hosts;
    private final List<RouteConflict> conflicts;

    private RouteTable(List<Route> routes) {
        this.routes = routes;
        Map<String, List<Candidate>> byHost = candidatesByHost(routes);
        var indexes = new LinkedHashMap<String, PathIndex>();
        var search = new ConflictSearch();
        byHost.forEach((host, candidates) -> {
            Map<PathMatch, List<Candidate>> groups = groupsByPath(candidates);
            search.search(host, groups);
            indexes.put(host, new PathIndex(groups));
        });
        hosts = new HostIndex(indexes);
        conflicts = search.found();
    }

    /**
     * Compiles routes, given in file order.
     *
     * @throws IllegalArgumentException if two routes or two splits have the same name
     */
    public static RouteTable of(List<RouteSpec> specs) {
        var routeNames = new HashSet<String>();
        var splitNames = new HashSet<String>();
        var routes = new ArrayList<Route>(specs.size());
        for (RouteSpec spec : specs) {
            if (!routeNames.add(spec.name()) || !splitNames.add(spec.split().name())) {
                throw new IllegalArgumentException("found route " + spec.name() + " with split "
                        + spec.split().name() + " twice, expected names used once");
            }
            routes.add(new Route(spec, routes.size()));
        }
        return new RouteTable(List.copyOf(routes));
    }

    /**
     * Where the request goes and why; null if no route matches it.
     *
     * @param draws those of the calling event loop. They start to follow this table if they did not
     */
    public @Nullable Decision decide(RequestView request, Draws draws) {
        draws.begin(this);
        Route route = hosts.match(request);
        return route == null ? null : route.decide(request, draws);
    }

    /** The most specific route that matches; null if none does. */
    public @Nullable Route match(RequestView request) {
        return hosts.match(request);
    }

    /**
     * Tells how a request would be decided. Takes no part in the draws. Allocates.
     *
     * @param epochSeconds wall-clock time, for the visitor id that would be minted
     */
    public Explanation explain(RequestView request, VisitorMint mint, long epochSeconds) {
        return new Explainer(this, mint, epochSeconds).explain(request);
    }

    /** In file order. */
    public List<Route> routes() {
        return routes;
    }

    /** What the operator should be warned of. */
    public List<RouteConflict> conflicts() {
        return conflicts;
    }

    private static Map<String, List<Candidate>> candidatesByHost(List<Route> routes) {
        var byHost = new LinkedHashMap<String, List<Candidate>>();
        for (Route route : routes) {
            List<String> named = route.spec().hosts();
            for (String host : named.isEmpty() ? List.of(HostIndex.EVERY_HOST) : named) {
                byHost.computeIfAbsent(host, key -> new ArrayList<>()).add(new Candidate(route));
            }
        }
        return byHost;
    }

    private static Map<PathMatch, List<Candidate>> groupsByPath(List<Candidate> candidates) {
        var groups = new LinkedHashMap<PathMatch, List<Candidate>>();
        for (Candidate candidate : candidates) {
            groups.computeIfAbsent(candidate.conditions().path(), key -> new ArrayList<>())
                    .add(candidate);
        }
        groups.values().forEach(group -> group.sort(Candidate.PRECEDENCE));
        return groups;
    }
}
