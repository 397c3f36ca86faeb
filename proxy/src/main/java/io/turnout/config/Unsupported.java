package io.turnout.config;

import io.turnout.config.shape.Located;
import io.turnout.config.shape.Reading;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the configuration can say and this version cannot do. Where ignoring it would make the proxy less safe than the
 * file says, it is an error. Each line goes when its feature comes.
 */
final class Unsupported {
    private static final String ANY = "*";

    private static final List<Gate> GATES = List.of();

    /**
     * A key that may not be used, or in vain.
     *
     * @param path from the root, {@link #ANY} for every item or entry
     * @param harmless the value that asks for nothing, or null when any does
     * @param refused whether its use is an error
     */
    private record Gate(List<String> path, @Nullable String harmless, boolean refused) {}

    private Unsupported() {}

    static void report(Located root, Reading reading) {
        GATES.forEach(gate -> report(gate, 0, root, reading));
    }

    private static void report(Gate gate, int depth, Located at, Reading reading) {
        if (depth == gate.path.size()) {
            reportUse(gate, at, reading);
            return;
        }
        String step = gate.path.get(depth);
        if (at instanceof Located.Items list && step.equals(ANY)) {
            list.items().forEach(item -> report(gate, depth + 1, item, reading));
        } else if (at instanceof Located.Entries map) {
            map.entries().stream()
                    .filter(entry -> step.equals(ANY) || step.equals(entry.key().text()))
                    .forEach(entry -> report(gate, depth + 1, entry.value(), reading));
        }
    }

    private static void reportUse(Gate gate, Located at, Reading reading) {
        boolean harmless = at instanceof Located.Scalar scalar && scalar.text().equals(gate.harmless);
        boolean empty = at instanceof Located.Items list && list.items().isEmpty();
        if (harmless || empty) {
            return;
        }
        String key = gate.path.get(gate.path.size() - 1);
        if (gate.refused) {
            reading.error(at, key + ", which this version does not support", "no " + key);
        } else {
            reading.warning(at, key + ", which this version accepts but does not run", "no effect");
        }
    }
}
