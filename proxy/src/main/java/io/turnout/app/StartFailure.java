package io.turnout.app;

import java.util.List;

/** Turnout cannot start for a reason the operator can mend: lines to print, and the exit code that goes with them. */
public final class StartFailure extends Exception {
    private static final long serialVersionUID = 1;

    private final transient List<String> lines;
    private final int exitCode;

    StartFailure(List<String> lines, int exitCode) {
        super(String.join("\n", lines));
        this.lines = List.copyOf(lines);
        this.exitCode = exitCode;
    }

    /** What to print on standard error. */
    public List<String> lines() {
        return lines;
    }

    /** 3 for a wrong configuration, 1 for anything else. */
    public int exitCode() {
        return exitCode;
    }
}
