package io.turnout.config;

import org.jspecify.annotations.Nullable;

/**
 * What the request sent upstream says instead of what the client said.
 *
 * @param prefix put in the place of the matched path prefix, or null to leave the path
 * @param host sent as Host, or null to leave it
 */
public record RewriteConfig(
        @Nullable String prefix, @Nullable String host) {
    /** Whether nothing is changed. */
    public boolean isEmpty() {
        return prefix == null && host == null;
    }
}
