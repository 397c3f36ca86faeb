package io.turnout.adminapi;

import java.time.Instant;
import java.util.List;

/**
 * What came of the smoke tests of a route at one pool.
 *
 * @param passed whether every test passed at every endpoint in service
 * @param time when they began
 * @param cases by endpoint, then in file order
 */
public record SmokeReport(String route, String pool, boolean passed, Instant time, List<Case> cases) {
    public SmokeReport {
        cases = List.copyOf(cases);
    }

    /**
     * One test at one endpoint.
     *
     * @param text what was found and expected, or that it is as expected
     * @param millis to the end of the answer, or until it was given up
     */
    public record Case(String test, String endpoint, boolean passed, String text, double millis) {}

    /** The outcome in one clause. */
    public String text() {
        if (cases.isEmpty()) {
            return "no endpoint in service to ask";
        }
        long failed = cases.stream().filter(one -> !one.passed()).count();
        if (failed == 0) {
            return cases.size() + " of " + cases.size() + " passed";
        }
        Case first = cases.stream().filter(one -> !one.passed()).findFirst().orElseThrow();
        return failed + " of " + cases.size() + " failed, first " + first.test() + " at " + first.endpoint() + ": "
                + first.text();
    }
}
