package io.turnout.cli;

/** What the process ends with; the contract of {@code docs/cli.md}. */
public final class ExitCode {
    /** Done. */
    public static final int OK = 0;

    /** Asked and answered, but not with yes: refused, not found, no route. */
    public static final int NEGATIVE = 1;

    /** The command line itself is wrong. */
    public static final int USAGE = 2;

    /** A configuration has errors or cannot be read. */
    public static final int INVALID_CONFIG = 3;

    /** The admin API cannot be reached. */
    public static final int UNREACHABLE = 4;

    /** The state is not what the command was based on, or does not allow it. */
    public static final int CONFLICT = 5;

    /** What was waited for did not happen in time. */
    public static final int TIMED_OUT = 6;

    private ExitCode() {}
}
