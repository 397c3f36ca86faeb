package io.turnout.config;

import io.turnout.config.shape.Shape;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * A value that must not appear in logs, dumps, audit or messages. Immutable.
 *
 * @param value the secret itself; not blank
 */
public record Secret(String value) {
    /** What is shown instead of a secret. The reader refuses it as a value, so that a dump is never applied by mistake. */
    public static final String REDACTED = Shape.REDACTED;

    public Secret {
        if (value.isBlank()) {
            throw new IllegalArgumentException("a secret is blank");
        }
    }

    /** Whether the candidate is the secret, in a time that does not depend on where they differ. */
    public boolean matches(String candidate) {
        return MessageDigest.isEqual(
                value.getBytes(StandardCharsets.UTF_8), candidate.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return REDACTED;
    }
}
