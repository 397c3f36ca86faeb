package io.turnout.adminapi;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Who changed what, from where, why.
 *
 * @param id counts entries, from 1, over restarts
 * @param actor a person or token, or the part of Turnout that acted by itself
 * @param source by which way in: {@code api}, {@code cli}, {@code file}, ...
 * @param action as in {@code switch}
 * @param subject what was acted on, as in {@code route shop}
 * @param before its state before, in words; null where that means nothing
 * @param after its state after, in words; null where that means nothing
 * @param generation in force with the change
 * @param commit the git commit a configuration came from, or null
 */
public record AuditEntry(
        long id,
        Instant time,
        String actor,
        String source,
        String action,
        String subject,
        @Nullable String before,
        @Nullable String after,
        @Nullable String reason,
        long generation,
        @Nullable String commit) {}
