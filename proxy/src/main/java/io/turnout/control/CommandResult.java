package io.turnout.control;

import io.turnout.adminapi.Problem;
import java.util.List;

/** What became of a command. Immutable. */
public sealed interface CommandResult {
    /**
     * It is done: the next request lives in the world it asked for.
     *
     * @param generation in force
     * @param changed false if everything already was as asked for; nothing was published then
     * @param summary what happened, one sentence without full stop
     * @param notes what the operator should know besides
     */
    record Applied(long generation, boolean changed, String summary, List<String> notes) implements CommandResult {
        public Applied {
            notes = List.copyOf(notes);
        }
    }

    /**
     * Nothing was done.
     *
     * @param found what the command said, or the state it met
     * @param expected what would have been accepted
     * @param problems of a refused configuration; else empty
     */
    record Refused(Kind kind, String found, String expected, List<Problem> problems) implements CommandResult {
        public Refused {
            problems = List.copyOf(problems);
        }

        /** A refusal without a list of problems. */
        public static Refused of(Kind kind, String found, String expected) {
            return new Refused(kind, found, expected, List.of());
        }

        /** The refusal as one sentence without full stop. */
        public String text() {
            return kind.title() + ": found " + found + ", expected " + expected;
        }
    }

    /** Why nothing was done. */
    enum Kind {
        UNKNOWN_ROUTE("no such route"),
        UNKNOWN_POOL("no such pool"),
        UNKNOWN_ENDPOINT("no such endpoint"),
        UNKNOWN_LISTENER("no such listener"),
        /** Weights, a TTL or a configuration that cannot be used. */
        INVALID("not valid"),
        /** The command was based on a generation that is no longer in force. */
        CONFLICT_GENERATION("based on another generation"),
        /** A precondition does not hold; it can be forced. */
        NOT_ALLOWED("a precondition does not hold"),
        /** A verb that makes no sense in the present phase of the rollout. */
        WRONG_PHASE("the rollout is in another phase"),
        /** A reload that waited for name resolution while a newer one was done. */
        SUPERSEDED("a newer configuration took its place"),
        /** A listener could not be opened. */
        LISTENER_FAILED("a listener could not be opened"),
        /** The journal could not be written. */
        STORAGE_FAILED("the state folder cannot be written"),
        /** Too many commands wait. */
        BUSY("too many commands are waiting"),
        /** The process is going down. */
        CLOSED("control is closed"),
        /** A bug; the log has it. */
        INTERNAL("internal error");

        private final String title;

        Kind(String title) {
            this.title = title;
        }

        /** The kind in words. */
        public String title() {
            return title;
        }
    }
}
