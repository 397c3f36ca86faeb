package io.turnout.audit;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How the lines of an audit file are tied together: each is a JSON object whose last two members are {@code previous}, the
 * hash of the entry before it, and {@code hash}, its own. Whoever changes, removes or inserts a line in the middle has to
 * write anew all that follow. Stateless.
 *
 * <p>The hash is SHA-256 over the octets of the line before {@code ,"hash":}, so over {@code previous} too: what is checked
 * is the text as it stands, and nothing depends on how JSON is written.
 */
public final class AuditChain {
    /** What the first entry of all names as the hash before it. */
    public static final String BEGINNING = "0".repeat(64);

    private static final Pattern LINE =
            Pattern.compile("(\\{.*,\"previous\":\"([0-9a-f]{64})\"),\"hash\":\"([0-9a-f]{64})\"}", Pattern.DOTALL);

    private AuditChain() {}

    /**
     * A line that bears its hash.
     *
     * @param holds whether the hash is that of the line
     */
    public record Sealed(String previous, String hash, boolean holds) {}

    /**
     * The hash of a line.
     *
     * @param open the line up to and with {@code "previous":"..."}, without a comma after it
     */
    public static String hash(String open) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(open.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    /** What a line says of the chain; null if it bears no hash. */
    public static @Nullable Sealed read(String line) {
        Matcher sealed = LINE.matcher(line);
        return sealed.matches()
                ? new Sealed(
                        sealed.group(2), sealed.group(3), hash(sealed.group(1)).equals(sealed.group(3)))
                : null;
    }
}
