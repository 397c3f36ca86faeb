package io.turnout.adminapi;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the certificates of one listener or pool are doing.
 *
 * @param owner {@code listener web} or {@code pool blue}
 * @param names that the certificates in use stand for; empty for a pool
 * @param expiresAt when the first of them expires; null for a pool, and while none is in use
 * @param problem why the files as they are now are not in use, or null when they are
 */
public record TlsStatus(
        String owner,
        List<String> names,
        @Nullable Instant expiresAt,
        @Nullable String problem) {
    public TlsStatus {
        names = List.copyOf(names);
    }
}
