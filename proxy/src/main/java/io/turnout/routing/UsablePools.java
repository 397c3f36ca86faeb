package io.turnout.routing;

/** Which pools can take a request now. Asked on the request path: implementations do not allocate. */
@FunctionalInterface
public interface UsablePools {
    /** @param pool the {@link PoolRef#id} of a pool */
    boolean isUsable(int pool);
}
