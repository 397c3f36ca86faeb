package io.turnout.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What can be told of a file without reading it. Equal fingerprints of a file that has rested for a while mean equal
 * content. Immutable.
 *
 * @param realPath where the file lies behind all links
 * @param inode the platform's identity of the file, or an empty text where it has none
 */
record Fingerprint(Path realPath, String inode, Instant modified, long bytes) {
    /**
     * Looks at the file.
     *
     * @return null if there is none
     * @throws IOException if it cannot be looked at
     */
    static @Nullable Fingerprint of(Path file) throws IOException {
        try {
            Path real = file.toRealPath();
            BasicFileAttributes attributes = Files.readAttributes(real, BasicFileAttributes.class);
            return new Fingerprint(
                    real,
                    Objects.toString(attributes.fileKey(), ""),
                    attributes.lastModifiedTime().toInstant(),
                    attributes.size());
        } catch (NoSuchFileException e) {
            return null;
        }
    }
}
