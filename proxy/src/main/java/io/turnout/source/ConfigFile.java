package io.turnout.source;

import io.turnout.control.ConfigText;
import io.turnout.control.state.Failures;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A configuration file and how its text is read. Immutable, safe for any thread. */
final class ConfigFile {
    /** Far beyond any configuration, and short of what would hurt. */
    private static final int MAX_BYTES = 16 << 20;

    private final Path path;

    ConfigFile(Path path) {
        this.path = path;
    }

    Path path() {
        return path;
    }

    /** As given, for messages. */
    String name() {
        return path.toString();
    }

    byte[] bytes() throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new IOException("it is longer than " + (MAX_BYTES >> 20) + " MiB");
            }
            return bytes;
        } catch (IOException e) {
            throw new IOException(Failures.text(e), e);
        }
    }

    /** Relative paths are taken from the folder in which the file is named, not from where a link leads. */
    ConfigText text(byte[] bytes) throws IOException {
        try {
            String yaml = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return new ConfigText(name(), yaml, path.toAbsolutePath().getParent(), null);
        } catch (CharacterCodingException e) {
            throw new IOException("it is not UTF-8 text", e);
        }
    }
}
