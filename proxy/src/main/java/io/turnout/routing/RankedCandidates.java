package io.turnout.routing;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Routes that share a host and a path, most specific first: the only ones compared one by one. Immutable. */
final class RankedCandidates {
    private final Candidate[] ranked;

    /** @param ranked by {@link Candidate#PRECEDENCE} */
    RankedCandidates(List<Candidate> ranked) {
        this.ranked = ranked.toArray(Candidate[]::new);
    }

    /** The first route whose fields fit the request, or null. */
    @Nullable
    Route firstMatch(RequestView request) {
        for (Candidate candidate : ranked) {
            if (candidate.fieldsHold(request)) {
                return candidate.route();
            }
        }
        return null;
    }
}
