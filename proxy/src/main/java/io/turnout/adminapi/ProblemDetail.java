package io.turnout.adminapi;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a call was refused: {@code application/problem+json} (RFC 9457).
 *
 * @param type a URI reference that names the kind of problem
 * @param title the kind in words, the same for all of its kind
 * @param status the HTTP status code
 * @param detail what was wrong this time
 * @param found what the call said, or null
 * @param expected what would have been accepted, or null
 * @param problems of a refused configuration; else empty
 */
public record ProblemDetail(
        String type,
        String title,
        int status,
        String detail,
        @Nullable String found,
        @Nullable String expected,
        List<Problem> problems) {
    public ProblemDetail {
        problems = List.copyOf(problems);
    }
}
