package io.turnout.admin;

import org.jspecify.annotations.Nullable;

/** Whether the process should get traffic. Asked on the admin thread; answers at once. */
@FunctionalInterface
public interface Readiness {
    /** Why not, as in {@code draining}; null when it should. */
    @Nullable
    String obstacle();
}
