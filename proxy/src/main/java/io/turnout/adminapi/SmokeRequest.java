package io.turnout.adminapi;

import org.jspecify.annotations.Nullable;

/**
 * Body of {@code POST /api/v1/routes/{route}/smoke}, which may be left out.
 *
 * @param pool a pool of the split; null for the one that has no traffic
 */
public record SmokeRequest(@Nullable String pool) {}
