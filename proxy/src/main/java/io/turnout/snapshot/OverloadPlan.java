package io.turnout.snapshot;

/**
 * What one event loop takes on before it sheds. Immutable.
 *
 * @param exchanges running on the loop at a time; {@link Integer#MAX_VALUE} for no limit
 * @param memoryBytes direct memory in use by the whole process; {@link Long#MAX_VALUE} for no limit
 */
public record OverloadPlan(int exchanges, long memoryBytes) {}
