package io.turnout.judge;

/** Seeds of random tests: fixed unless {@code -Dprop.seed} says otherwise; put them into assertion messages. */
public final class Seeds {
    private Seeds() {}

    public static long seed() {
        return Long.getLong("prop.seed", 20261121L);
    }
}
