package io.turnout.judge;

import java.util.Arrays;

/**
 * Requests and errors by endpoint of one arm within one tick.
 *
 * <p>Slots 0 to {@link #size} - 1 stand for endpoints. A slot keeps its endpoint as long as {@link #layout} is the same
 * number; when endpoints come or go the caller gives the new assignment another number. Mutable and reused; confined to
 * the thread that ticks the judge. Allocates only when it grows.
 */
public final class HostCounts {
    private long[] requests = new long[8];
    private long[] errors = new long[8];
    private int size;
    private long layout;

    /** Declares the endpoints of this tick, all without traffic yet. */
    public void arrange(int endpoints, long layout) {
        if (endpoints < 0) {
            throw new IllegalArgumentException(endpoints + " endpoints");
        }
        if (endpoints > requests.length) {
            requests = new long[endpoints * 2];
            errors = new long[endpoints * 2];
        }
        size = endpoints;
        this.layout = layout;
        clear();
    }

    /** Adds answers of the endpoint in this slot. */
    public void add(int slot, long requests, long errors) {
        this.requests[slot] += requests;
        this.errors[slot] += errors;
    }

    /** Number of endpoints, with or without traffic. */
    public int size() {
        return size;
    }

    /** Number of the assignment of endpoints to slots. */
    public long layout() {
        return layout;
    }

    /** Answers of the endpoint in this slot. */
    public long requests(int slot) {
        return requests[slot];
    }

    /** Errors of the endpoint in this slot. */
    public long errors(int slot) {
        return errors[slot];
    }

    /** Zero counts; endpoints and layout stay. */
    public void clear() {
        Arrays.fill(requests, 0, size, 0);
        Arrays.fill(errors, 0, size, 0);
    }
}
