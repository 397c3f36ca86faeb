package io.turnout.control;

import io.turnout.adminapi.AuditEntry;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Reads what follows the state at once but not in the same instant, for tests that have just seen the state. */
public final class Settled {
    private Settled() {}

    /** The audit, newest first, after everything that control was doing when this was called. */
    public static List<AuditEntry> audit(Control control, int most) {
        await(control);
        return control.audit(most);
    }

    /** Waits until control has done what it is doing now. */
    static void await(Control control) {
        // This is refused without a trace, and not before its turn.
        control.submit(new Command.SwitchTo(
                        "no such route", "none", Command.Preconditions.SKIPPED, Cause.of("test", Cause.API)))
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }
}
