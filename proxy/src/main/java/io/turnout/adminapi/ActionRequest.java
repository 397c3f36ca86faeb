package io.turnout.adminapi;

import org.jspecify.annotations.Nullable;

/** Body, which may be left out, of calls that need no more than a reason: drain, resume, end of an override, reload. */
public record ActionRequest(@Nullable String reason) {}
