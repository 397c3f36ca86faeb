package io.turnout.snapshot;

import io.turnout.compare.ComparisonRules;
import io.turnout.http.FieldLine;
import io.turnout.routing.Sampling;
import io.turnout.telemetry.MirrorMeter;
import org.jspecify.annotations.Nullable;

/**
 * Copies of a route's requests to one pool. Immutable but for its meter's counters.
 *
 * @param id index among all mirrors and their control legs of the snapshot
 * @param route name of the route
 * @param pool where the copies go
 * @param sampling which requests are copied; a control leg's takes what its mirror takes
 * @param unsafeMethods whether requests that may change something are copied too
 * @param caps what the copies may hold and take
 * @param shaping how a copy differs from the original
 * @param meter what becomes of the copies
 * @param compare how answers are compared, or null when they are thrown away; null for a control leg
 * @param control the leg whose differences are noise, or null for none
 */
public record MirrorPlan(
        int id,
        String route,
        PoolPlan pool,
        Sampling sampling,
        boolean unsafeMethods,
        Caps caps,
        Shaping shaping,
        MirrorMeter meter,
        @Nullable ComparisonRules compare,
        @Nullable Control control) {
    /**
     * What copies may hold, in the whole process, and how long one may take.
     *
     * @param requestBytes of one body
     * @param answerBytes of one answer's body
     * @param inFlight copies at a time
     * @param totalBytes held by all copies and by answers that wait to be compared
     * @param timeoutNanos for a whole copy
     */
    public record Caps(long requestBytes, long answerBytes, int inFlight, long totalBytes, long timeoutNanos) {}

    /**
     * How a copy differs from the original.
     *
     * @param mark its {@code Turnout-Mirror} field, which says whose copy it is
     * @param body whether the body is copied
     * @param dropCredentials whether Authorization and Cookie are left out
     * @param edits the route's changes to the request head, then the mirror's
     * @param pathPrefix what replaces the matched path prefix, or null
     * @param matchedPrefixLength octets of the path matched as a prefix
     * @param authority what replaces the authority, or null
     */
    public record Shaping(
            FieldLine mark,
            boolean body,
            boolean dropCredentials,
            HeaderEdits edits,
            @Nullable String pathPrefix,
            int matchedPrefixLength,
            @Nullable String authority) {}

    /**
     * A further copy that measures the noise.
     *
     * @param leg how it is sent
     * @param inSplit whether its pool is one of the route's variants; then only originals it answered itself are compared
     */
    public record Control(MirrorPlan leg, boolean inSplit) {}
}
