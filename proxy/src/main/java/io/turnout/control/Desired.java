package io.turnout.control;

import io.turnout.adminapi.Problem;
import io.turnout.config.RouteConfig;
import io.turnout.config.TurnoutConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the file wants. Immutable.
 *
 * @param text as found
 * @param hash of the text
 * @param config the text, read
 * @param warnings what may not be what was meant
 */
record Desired(ConfigText text, String hash, TurnoutConfig config, List<Problem> warnings) {
    Desired {
        warnings = List.copyOf(warnings);
    }

    /** Null if there is no such route. */
    @Nullable
    RouteConfig route(String name) {
        return config.routes().stream()
                .filter(route -> route.name().equals(name))
                .findFirst()
                .orElse(null);
    }
}
