package io.turnout.routing;

import java.util.List;

/**
 * What a route or a rule asks of a request besides its host; all of it must hold. Immutable.
 *
 * @param methods any one of these; empty for every method
 * @param fields headers, cookies and query parameters, all of them
 */
public record Conditions(PathMatch path, List<String> methods, List<FieldMatch> fields) {
    /** Holds for every request. */
    public static final Conditions NONE = new Conditions(PathMatch.ANY, List.of(), List.of());

    public Conditions {
        methods = List.copyOf(methods);
        fields = List.copyOf(fields);
    }

    int headerMatches() {
        return fields.size() - queryMatches();
    }

    int queryMatches() {
        return (int) fields.stream()
                .filter(field -> field.place() == FieldMatch.Place.QUERY)
                .count();
    }
}
