package io.turnout.routing;

/** Where a request goes whose variant has no usable endpoint. Immutable. */
public sealed interface OnEmpty {
    /** To the other usable variants, by their weights and by the same kind of draw. */
    record Redistribute() implements OnEmpty {}

    /** Nowhere: the request is answered 503. */
    record Fail() implements OnEmpty {}

    /** To this pool, which may lie outside the split. */
    record Divert(PoolRef pool) implements OnEmpty {}
}
