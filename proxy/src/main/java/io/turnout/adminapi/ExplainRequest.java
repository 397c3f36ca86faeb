package io.turnout.adminapi;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Body of {@code POST /api/v1/explain}: a request described instead of sent.
 *
 * @param method null for GET
 * @param host null for none
 * @param target path with or without a query, normalised before it is matched; null for {@code /}
 * @param headers by name in any case; null for none
 * @param client IP address of the client, after trusted hops; null for unknown
 */
public record ExplainRequest(
        @Nullable String method,
        @Nullable String host,
        @Nullable String target,
        @Nullable Map<String, String> headers,
        @Nullable String client) {}
