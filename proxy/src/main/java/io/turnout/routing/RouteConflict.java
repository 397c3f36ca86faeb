package io.turnout.routing;

/**
 * Two routes of which the operator may not have seen that they collide. A warning, not an error. Immutable.
 *
 * @param winner name of the route that gets the requests
 * @param loser name of the route that does not
 * @param host the host both are listed under, {@code *} for every host
 */
public record RouteConflict(Kind kind, String winner, String loser, String host) {
    /** What is wrong between them. */
    public enum Kind {
        /** Equal in every rank: only their order in the file decides requests that match both. */
        TIE,
        /** The winner matches whatever the loser matches and is asked first. */
        UNREACHABLE
    }

    /** The warning as one sentence. */
    public String text() {
        return switch (kind) {
            case TIE ->
                "routes " + winner + " and " + loser + " are equally specific for host " + host
                        + ": requests that match" + " both go to " + winner + " because it comes first in the file";
            case UNREACHABLE ->
                "route " + loser + " never gets a request for host " + host + ": route " + winner
                        + " matches all of them and is more specific or comes first in the file";
        };
    }
}
