package io.turnout.compare;

import java.util.Map;

/**
 * What of one answer is compared. Immutable as long as nobody writes to the body, which is handed over and not copied.
 *
 * @param status final status code
 * @param headers the chosen ones, by lower-case name; several fields of one name are joined with {@code ", "}
 * @param contentType as it came, empty for none
 * @param contentEncoding as it came, empty for none
 * @param body octets as they came
 * @param bodyState whether the body is all there
 */
@SuppressWarnings("ArrayRecordComponent") // compared octet by octet where it is compared
public record Answer(
        int status,
        Map<String, String> headers,
        String contentType,
        String contentEncoding,
        byte[] body,
        BodyState bodyState) {
    /** How much of a body was kept. */
    public enum BodyState {
        /** All of it. */
        WHOLE,
        /** It was larger than is compared; what was kept is of no use. */
        TOO_LARGE
    }

    public Answer {
        headers = Map.copyOf(headers);
    }
}
