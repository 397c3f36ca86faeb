package io.turnout.http;

/**
 * Holds what stands behind a chunk's size to its grammar, octet by octet (RFC 9112 section 7.1.1); the content is nobody's
 * business here. Parsers disagree about anything else, and about tabs after the semicolon, so that is refused.
 *
 * <p>One per body reader; confined to its event loop.
 */
final class ChunkExtensions {
    /** Longest endured for one chunk, in octets. */
    static final int MAX_BYTES = 256;

    private enum State {
        /** White space before the first semicolon. */
        BEFORE,
        NAME_START,
        NAME,
        AFTER_NAME,
        VALUE_START,
        VALUE,
        QUOTED,
        ESCAPED,
        AFTER_QUOTED,
        AFTER_VALUE
    }

    private State state = State.BEFORE;
    private int bytes;

    /** Starts with the first octet behind the size, a semicolon or white space. */
    void begin(byte first) {
        state = first == ';' ? State.NAME_START : State.BEFORE;
        bytes = 1;
    }

    /** Whether there is an extension at all, not just white space. */
    boolean isBegun() {
        return state != State.BEFORE;
    }

    /** Whether the line may end here. */
    boolean mayEnd() {
        return state == State.NAME || state == State.VALUE || state == State.AFTER_QUOTED;
    }

    /** Takes one more octet of the line; answers false when it does not belong there, and is of no use after that. */
    boolean take(byte b) {
        if (++bytes > MAX_BYTES) {
            return false;
        }
        return switch (state) {
            case BEFORE -> b == ';' ? to(State.NAME_START) : H1HeadReader.isBlank(b);
            case NAME_START -> b == ' ' || (Octets.isToken(b) && to(State.NAME));
            case NAME -> Octets.isToken(b) || afterName(b);
            case AFTER_NAME -> afterName(b);
            case VALUE_START -> b == ' ' || (b == '"' && to(State.QUOTED)) || (Octets.isToken(b) && to(State.VALUE));
            case VALUE -> Octets.isToken(b) || afterValue(b);
            case QUOTED -> quoted(b);
            case ESCAPED -> isText(b) && to(State.QUOTED);
            case AFTER_QUOTED, AFTER_VALUE -> afterValue(b);
        };
    }

    private boolean afterName(byte b) {
        return switch (b) {
            case '=' -> to(State.VALUE_START);
            case ';' -> to(State.NAME_START);
            case ' ' -> to(State.AFTER_NAME);
            default -> false;
        };
    }

    private boolean afterValue(byte b) {
        return switch (b) {
            case ';' -> to(State.NAME_START);
            case ' ' -> to(State.AFTER_VALUE);
            default -> false;
        };
    }

    /** A quoted string does not go over the end of its line: who thinks it does sees other chunks than we do. */
    private boolean quoted(byte b) {
        return switch (b) {
            case '"' -> to(State.AFTER_QUOTED);
            case '\\' -> to(State.ESCAPED);
            default -> isText(b);
        };
    }

    private static boolean isText(byte b) {
        return b != '\t' && !Fields.isForbiddenInValue(b);
    }

    private boolean to(State next) {
        state = next;
        return true;
    }
}
