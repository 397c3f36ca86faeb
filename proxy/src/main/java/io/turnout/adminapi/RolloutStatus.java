package io.turnout.adminapi;

/**
 * Where a rollout stands.
 *
 * @param phase as in {@code progressing}
 * @param step counted from 1; 0 before the first
 */
public record RolloutStatus(String phase, int step) {}
