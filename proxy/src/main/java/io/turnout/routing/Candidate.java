package io.turnout.routing;

import java.util.Comparator;

/** A route under one of its hosts, as the index keeps it: what remains to be checked once host and path fit. Immutable. */
final class Candidate {
    /** How candidates of one host and one path are ranked; the first that matches wins. */
    static final Comparator<Candidate> PRECEDENCE = Comparator.comparing(
                    (Candidate c) -> c.conditions.methods().isEmpty())
            .thenComparing(Comparator.comparingInt((Candidate c) -> c.conditions.headerMatches())
                    .reversed())
            .thenComparing(Comparator.comparingInt((Candidate c) -> c.conditions.queryMatches())
                    .reversed())
            .thenComparingInt(c -> c.route.index());

    private final Route route;
    private final Conditions conditions;
    private final FieldConditions fields;

    Candidate(Route route) {
        this.route = route;
        conditions = route.spec().when();
        fields = new FieldConditions(conditions);
    }

    Route route() {
        return route;
    }

    Conditions conditions() {
        return conditions;
    }

    boolean fieldsHold(RequestView request) {
        return fields.hold(request);
    }
}
