package io.turnout.config;

import io.turnout.config.shape.Definitions;
import io.turnout.config.shape.Located;
import io.turnout.config.shape.Reading;
import io.turnout.config.shape.ScalarShape;
import io.turnout.config.shape.Scalars;
import io.turnout.config.shape.Shape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A secret, as text, from a variable, or as {@code file:} with the path of a file that holds it. No message repeats what
 * stands there.
 */
final class SecretShape implements Shape<Secret> {
    private static final String FILE = "file:";
    private static final long LARGEST_FILE = 64 << 10;
    private static final ScalarShape<String> TEXT = Scalars.text();

    @Override
    public @Nullable Secret read(Located at, Reading reading) {
        if (!(at instanceof Located.Scalar scalar)) {
            reading.mismatch(at, expected());
            return null;
        }
        if (scalar.style() == Located.Style.BROKEN) {
            return null;
        }
        String text = scalar.text();
        if (text.startsWith(FILE)) {
            return fromFile(text.substring(FILE.length()), at, reading);
        }
        boolean suits = !text.isBlank() && !text.equals(REDACTED) && TEXT.parse(text) != null;
        if (!suits) {
            reading.error(at, text.equals(REDACTED) ? "a redacted secret" : "something else", expected());
        }
        return suits ? new Secret(text) : null;
    }

    private @Nullable Secret fromFile(String written, Located at, Reading reading) {
        Path path = resolved(written, reading.base());
        if (path == null) {
            reading.error(
                    at, "a path that leads nowhere", "an absolute path, or one relative to the configuration file");
            return null;
        }
        try {
            return read(path, at, reading);
        } catch (IOException e) {
            reading.error(at, "a file that cannot be read (" + e.getClass().getSimpleName() + ")", "a readable file");
            return null;
        }
    }

    private static @Nullable Path resolved(String written, @Nullable Path base) {
        try {
            Path path = Path.of(written);
            if (written.isBlank() || (base == null && !path.isAbsolute())) {
                return null;
            }
            return base == null ? path : base.resolve(path);
        } catch (InvalidPathException e) {
            return null;
        }
    }

    /** A device or a pipe would never end, or never begin; only regular files are read. */
    private static @Nullable Secret read(Path path, Located at, Reading reading) throws IOException {
        if (!Files.isRegularFile(path) || Files.size(path) > LARGEST_FILE) {
            reading.error(at, "no regular file of at most 64 KiB", "the path of a file that holds the secret");
            return null;
        }
        String content = Files.readString(path, StandardCharsets.UTF_8).strip();
        if (content.isEmpty()) {
            reading.error(at, "an empty file", "a file that holds the secret");
            return null;
        }
        return new Secret(content);
    }

    @Override
    public Object write(Secret value) {
        return REDACTED;
    }

    @Override
    public Map<String, Object> schema(Definitions definitions) {
        return Definitions.object("type", "string", "minLength", 1);
    }

    @Override
    public String expected() {
        return "a secret: text, ${NAME}, or file: with a path";
    }

    @Override
    public String typeName() {
        return "secret";
    }

    @Override
    public boolean isSecret() {
        return true;
    }
}
