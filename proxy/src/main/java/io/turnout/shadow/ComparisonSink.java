package io.turnout.shadow;

/** Takes answers to be compared; safe for any thread. */
@FunctionalInterface
public interface ComparisonSink {
    /** Takes the job, or answers false when too many wait: then the caller gives the room back. Never blocks. */
    boolean offer(ComparisonJob job);
}
