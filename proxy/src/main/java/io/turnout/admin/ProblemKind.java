package io.turnout.admin;

import io.turnout.adminapi.Problem;
import io.turnout.adminapi.ProblemDetail;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything an admin call can be refused for. Each kind has one status and one type, {@code urn:turnout:problem:} and
 * its name; both are part of the contract in {@code docs/admin-api.md}.
 */
enum ProblemKind {
    MALFORMED_REQUEST(400, "Not a well-formed request"),
    BAD_JSON(400, "Not the JSON this call takes"),
    INVALID(400, "The change is not valid"),
    NO_TOKEN(401, "A token is needed"),
    ROLE_TOO_LOW(403, "The token may not do this"),
    FOREIGN_ORIGIN(403, "The request was made by a page of another site"),
    NO_SUCH_CALL(404, "There is no such call"),
    UNKNOWN_ROUTE(404, "There is no such route"),
    UNKNOWN_POOL(404, "There is no such pool"),
    UNKNOWN_ENDPOINT(404, "There is no such endpoint in the pool"),
    UNKNOWN_LISTENER(404, "There is no such listener"),
    METHOD_NOT_ALLOWED(405, "The call has another method"),
    TOO_SLOW(408, "The request took too long to arrive"),
    NOT_ALLOWED(409, "The change is not allowed as things are"),
    WRONG_PHASE(409, "The rollout is in another phase"),
    INVALID_CONFIG(409, "The configuration has errors and is not in force"),
    UNREADABLE_CONFIG(409, "The configuration cannot be read"),
    LISTENER_FAILED(409, "A listener cannot be opened"),
    SUPERSEDED(409, "A newer configuration took its place"),
    STALE(412, "The state has changed since it was read"),
    BODY_TOO_LARGE(413, "The body is too large"),
    LINE_TOO_LONG(414, "The request line is too long"),
    MEDIA_TYPE(415, "The body is of another media type"),
    WRONG_HOST(421, "This host is not served here"),
    KEY_REUSED(422, "The idempotency key was used for another request"),
    HEADER_TOO_LARGE(431, "The header is too large"),
    INTERNAL(500, "An error inside Turnout"),
    NOT_SAVED(500, "The change could not be saved and was not made"),
    BUSY(503, "Too much is asked at once"),
    NOT_READY(503, "Not ready for traffic"),
    UNCONFIRMED(504, "The change was not confirmed in time");

    private final int status;
    private final String title;

    ProblemKind(int status, String title) {
        this.status = status;
        this.title = title;
    }

    /** The HTTP status code. */
    int status() {
        return status;
    }

    /** The kind in words. */
    String title() {
        return title;
    }

    /** The URI that names the kind. */
    String type() {
        return "urn:turnout:problem:" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** An answer whose detail is the found and the expected, put into a sentence. */
    Answer answer(String found, String expected) {
        return answer(found, expected, List.of());
    }

    /** The same with the problems of a configuration. */
    Answer answer(String found, String expected, List<Problem> problems) {
        return answer("found " + found + ", expected " + expected, found, expected, problems);
    }

    /** An answer for which nothing was expected otherwise. */
    Answer answer(String detail) {
        return answer(detail, null, null, List.of());
    }

    private Answer answer(String detail, @Nullable String found, @Nullable String expected, List<Problem> problems) {
        var problem = new ProblemDetail(type(), title, status, detail, found, expected, problems);
        return new Answer(status, Answer.PROBLEM, Json.written(problem), Map.of());
    }
}
