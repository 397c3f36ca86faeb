package io.turnout.snapshot;

import java.util.List;

/**
 * Changes to a head, made in this order: remove, set, add. Immutable.
 *
 * @param remove names in lower case
 * @param set a field that replaces all others of its name
 * @param add a field put beside the others
 */
public record HeaderEdits(List<String> remove, List<Field> set, List<Field> add) {
    /** No change. */
    public static final HeaderEdits NONE = new HeaderEdits(List.of(), List.of(), List.of());

    public HeaderEdits {
        remove = List.copyOf(remove);
        set = List.copyOf(set);
        add = List.copyOf(add);
    }

    /** Whether nothing is changed. */
    public boolean isNone() {
        return remove.isEmpty() && set.isEmpty() && add.isEmpty();
    }

    /** A field to be written. */
    public record Field(String name, String lowerCaseName, String value) {}
}
