package io.turnout.snapshot;

import io.turnout.http.FieldLine;
import io.turnout.http.Fields;
import java.util.List;

/**
 * Changes to a head, made in this order: remove, set, add. Immutable.
 *
 * @param remove names in lower case
 * @param set a field that replaces all others of its name
 * @param add a field put beside the others
 */
public record HeaderEdits(List<String> remove, List<FieldLine> set, List<FieldLine> add) {
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

    /** Makes the changes. */
    public void applyTo(Fields fields) {
        if (isNone()) {
            return;
        }
        for (String name : remove) {
            fields.drop(name);
        }
        for (FieldLine field : set) {
            fields.drop(field.lowerCaseName());
            fields.add(field);
        }
        for (FieldLine field : add) {
            fields.add(field);
        }
    }
}
