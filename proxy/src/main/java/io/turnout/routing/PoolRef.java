package io.turnout.routing;

/**
 * A pool as routing knows it. Immutable.
 *
 * @param name its name in the configuration
 * @param id its number in the snapshot, 0 or more; routing only passes it on
 */
public record PoolRef(String name, int id) {
    public PoolRef {
        if (name.isEmpty() || id < 0) {
            throw new IllegalArgumentException(
                    "found pool \"" + name + "\" with id " + id + ", expected a name and 0..");
        }
    }
}
