package io.turnout.snapshot;

/**
 * The one field through which the control plane tells the data plane anything.
 *
 * <p>Safe for any thread: a volatile field of an immutable value. One thread publishes.
 */
public final class SnapshotRef {
    private volatile Snapshot current;

    /** Begins with a first world. */
    public SnapshotRef(Snapshot first) {
        current = first;
    }

    /** The world now in force. */
    public Snapshot current() {
        return current;
    }

    /** Puts a new world in force: every exchange that begins after this returns lives in it. */
    public void publish(Snapshot next) {
        if (next.generation() <= current.generation()) {
            throw new AssertionError("generation " + next.generation() + " after " + current.generation());
        }
        current = next;
    }
}
