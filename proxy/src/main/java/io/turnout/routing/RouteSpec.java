package io.turnout.routing;

import java.util.HashSet;
import java.util.List;

/**
 * A route as it is handed to {@link RouteTable}. Immutable.
 *
 * @param hosts names ({@code shop.example.com}), wildcards ({@code *.example.com}: any number of labels in front, at
 *     least one) or {@code *}; empty for every host. Without port, compared without case
 * @param rules in the order they are asked
 */
public record RouteSpec(String name, List<String> hosts, Conditions when, List<Rule> rules, Split split) {
    public RouteSpec {
        hosts = hosts.stream().map(Octets::lowerCase).distinct().toList();
        rules = List.copyOf(rules);
        if (name.isEmpty()) {
            throw new IllegalArgumentException("found a route without name");
        }
        for (String host : hosts) {
            requireHost(name, host);
        }
        var ruleNames = new HashSet<String>();
        for (Rule rule : rules) {
            if (!ruleNames.add(rule.name())) {
                throw new IllegalArgumentException("route " + name + ": found rule " + rule.name() + " twice");
            }
        }
    }

    /** A route for every request, without rules. */
    public static RouteSpec catchAll(String name, Split split) {
        return new RouteSpec(name, List.of(), Conditions.NONE, List.of(), split);
    }

    private static void requireHost(String route, String host) {
        String rest = host.startsWith("*.") ? host.substring(2) : host;
        if (!host.equals("*") && (rest.isEmpty() || rest.indexOf('*') >= 0 || rest.startsWith("."))) {
            throw new IllegalArgumentException("route " + route + ": found host \"" + host
                    + "\", expected a name, a wildcard like *.example.com, or *");
        }
    }
}
