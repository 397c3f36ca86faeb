package io.turnout.adminapi;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Who changed what, from where, why.
 *
 * @param id counts entries, from 1, over restarts
 * @param actor a person or token, or the part of Turnout that acted by itself
 * @param source by which way in: {@code api}, {@code cli}, {@code file}, ...
 * @param address where the call came from, as {@code 203.0.113.9}; null for what did not come over the network
 * @param action as in {@code switch}
 * @param subject what was acted on, as in {@code route shop}
 * @param before its state before, in words; null where that means nothing
 * @param after its state after, in words; null where that means nothing
 * @param evidence what the guard knew of the route at that moment, in words; null where nothing is judged
 * @param generation in force with the change
 * @param commit the git commit a configuration came from, or null
 * @param previous hash of the entry before this one, 64 hex digits; null if the entry is not in the file
 * @param hash of this entry, over all of its line that stands before it; null likewise
 */
public record AuditEntry(
        long id,
        Instant time,
        String actor,
        String source,
        @Nullable String address,
        String action,
        String subject,
        @Nullable String before,
        @Nullable String after,
        @Nullable String reason,
        @Nullable String evidence,
        long generation,
        @Nullable String commit,
        @Nullable String previous,
        @Nullable String hash) {
    /** The same entry with its place in the chain. */
    public AuditEntry sealed(String after, @Nullable String own) {
        return new AuditEntry(
                id,
                time,
                actor,
                source,
                address,
                action,
                subject,
                before,
                this.after,
                reason,
                evidence,
                generation,
                commit,
                after,
                own);
    }
}
