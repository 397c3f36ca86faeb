package io.turnout.exchange;

import io.turnout.snapshot.OverloadPlan;

/**
 * How much one event loop sheds: in steps, so that those who are served go on being served while fewer are let in.
 *
 * <p>Looked at on the loop's tick; a step is left again only well below where it began, so that it does not flap.
 * Confined to its event loop.
 */
final class Overload {
    /** What is done about the load; each step includes those before it. */
    enum Step {
        NONE,
        /** Answers end their connections, which frees what resting clients hold. */
        KEEP_ALIVE,
        /** New connections are closed at once. */
        CONNECTIONS,
        /** New requests are answered 503 with Retry-After. */
        REQUESTS
    }

    private static final Step[] STEPS = Step.values();

    /** Load in thousandths of the limit at which the steps after {@link Step#NONE} begin. */
    private static final int[] BEGINS = {0, 800, 900, 1000};

    private static final int MARGIN = 50;

    private Step step = Step.NONE;
    private int exchanges = Integer.MAX_VALUE;

    Step step() {
        return step;
    }

    /** Whether a request that has just become one of so many running is too much. */
    boolean refuses(long running) {
        return step == Step.REQUESTS || running > exchanges;
    }

    /** Looks at the load anew. */
    void onTick(OverloadPlan plan, long running, long memoryBytes) {
        exchanges = plan.exchanges();
        long load = Math.max(running * 1000 / plan.exchanges(), permille(memoryBytes, plan.memoryBytes()));
        int level = step.ordinal();
        while (level + 1 < BEGINS.length && load >= BEGINS[level + 1]) {
            level++;
        }
        while (level > 0 && load < BEGINS[level] - MARGIN) {
            level--;
        }
        step = STEPS[level];
    }

    private static long permille(long used, long limit) {
        return limit == Long.MAX_VALUE ? 0 : used * 1000 / Math.max(1, limit);
    }
}
