package io.turnout.telemetry;

/** Where the data plane leaves access records. */
@FunctionalInterface
public interface AccessSink {
    /**
     * Takes a record without blocking; any thread.
     *
     * @return false when it was dropped because the writer is behind
     */
    boolean offer(AccessRecord entry);
}
