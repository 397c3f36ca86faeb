package io.turnout.adminapi;

import org.jspecify.annotations.Nullable;

/**
 * Where the desired state came from, and how the last attempt to read it went.
 *
 * @param source name of the file in force
 * @param hash SHA-256 of its text, 64 lower-case hex digits
 * @param commit the git commit it was read from, or null
 */
public record ConfigStatus(
        String source, String hash, @Nullable String commit, ReloadStatus lastReload) {}
