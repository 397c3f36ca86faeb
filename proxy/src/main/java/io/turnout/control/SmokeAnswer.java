package io.turnout.control;

import io.turnout.adminapi.SmokeReport;
import io.turnout.control.CommandResult.Refused;

/** What came of asking for smoke tests. Immutable. */
public sealed interface SmokeAnswer {
    /** They have been run; the report says how they went. */
    record Ran(SmokeReport report) implements SmokeAnswer {}

    /** Nothing was asked of anybody. */
    record NotRun(Refused why) implements SmokeAnswer {}
}
