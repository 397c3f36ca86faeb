package io.turnout.control;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A configuration as it was found, not read yet. Immutable.
 *
 * @param source names the text in messages, usually the file's name
 * @param base folder from which relative paths in the text are taken, or null for the working folder
 * @param commit the git commit the text comes from, or null
 */
public record ConfigText(
        String source,
        String yaml,
        @Nullable Path base,
        @Nullable String commit) {

    /** SHA-256 of the text, 64 lower-case hex digits. */
    public String hash() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(yaml.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
