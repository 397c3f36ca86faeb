package io.turnout.compare;

import org.jspecify.annotations.Nullable;

/**
 * The answers to one request. Immutable.
 *
 * @param request method and path, without the query, in which secrets travel
 * @param primary what the client got
 * @param shadow what the mirror's pool said
 * @param control what a pool with the primary's version said to a further copy, or null when none is asked
 */
public record Answers(
        String request,
        Answer primary,
        Answer shadow,
        @Nullable Answer control) {}
