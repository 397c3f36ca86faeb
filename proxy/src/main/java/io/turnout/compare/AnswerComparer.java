package io.turnout.compare;

import io.turnout.compare.Comparison.BodySkip;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Holds two answers to the same request against each other, by the rules. Immutable but for the digest; use it from one
 * thread at a time.
 */
public final class AnswerComparer {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** So many digits of a digest tell bodies apart for people. */
    private static final int SHOWN_DIGEST_BYTES = 8;

    private final CompiledRules rules;
    private final MessageDigest sha256;

    /** A comparer for these rules, whose expressions must be valid. */
    public AnswerComparer(ComparisonRules rules) {
        this.rules = new CompiledRules(rules);
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }

    /** The differences of the other answer from the primary's, redacted. */
    public Comparison compare(Answer primary, Answer other) {
        List<Difference> differences = new ArrayList<>();
        if (primary.status() != other.status()) {
            differences.add(
                    new Difference(Field.STATUS, Integer.toString(primary.status()), Integer.toString(other.status())));
        }
        for (String name : rules.headers()) {
            compareHeader(name, primary, other, differences);
        }
        return new Comparison(differences, compareBodies(primary, other, differences));
    }

    private void compareHeader(String name, Answer primary, Answer other, List<Difference> to) {
        String left = primary.headers().get(name);
        String right = other.headers().get(name);
        if (left == null && right == null) {
            return;
        }
        if (left != null && right != null && rules.essence(left).equals(rules.essence(right))) {
            return;
        }
        to.add(new Difference(new Field(FieldClass.HEADER, name), shown(name, left), shown(name, right)));
    }

    private String shown(String name, @Nullable String value) {
        if (rules.isRedacted(name)) {
            return Difference.REDACTED;
        }
        return value == null ? Difference.ABSENT : JsonText.shortened(value);
    }

    private @Nullable BodySkip compareBodies(Answer primary, Answer other, List<Difference> to) {
        if (isSameAsItCame(primary, other)) {
            return null;
        }
        int atMost = rules.rules().bodyBytes();
        Unpacked left = Unpacked.of(primary, atMost);
        Unpacked right = Unpacked.of(other, atMost);
        if (left.skipped() != null || right.skipped() != null) {
            return left.skipped() != null ? left.skipped() : right.skipped();
        }
        if (Arrays.equals(left.octets(), right.octets())) {
            return null;
        }
        JsonNode leftJson = isJson(primary) ? json(left.octets()) : null;
        JsonNode rightJson = leftJson != null && isJson(other) ? json(right.octets()) : null;
        if (leftJson != null && rightJson != null) {
            to.addAll(JsonWalk.differences(leftJson, rightJson, rules));
        } else {
            compareTexts(left.octets(), right.octets(), to);
        }
        return null;
    }

    private static boolean isSameAsItCame(Answer primary, Answer other) {
        return primary.bodyState() == Answer.BodyState.WHOLE
                && other.bodyState() == Answer.BodyState.WHOLE
                && primary.contentEncoding().equals(other.contentEncoding())
                && Arrays.equals(primary.body(), other.body());
    }

    private static boolean isJson(Answer answer) {
        String type = answer.contentType();
        int parameters = type.indexOf(';');
        String essence =
                (parameters < 0 ? type : type.substring(0, parameters)).strip().toLowerCase(Locale.ROOT);
        return essence.equals("application/json") || essence.equals("text/json") || essence.endsWith("+json");
    }

    /** Null for what is not JSON after all; then it is compared as text. */
    private static @Nullable JsonNode json(byte[] octets) {
        try {
            JsonNode document = JSON.readTree(octets);
            return document.isMissingNode() ? null : document;
        } catch (JacksonException e) {
            return null;
        }
    }

    private void compareTexts(byte[] left, byte[] right, List<Difference> to) {
        byte[] leftEssence = rules.hasPatterns() ? essence(left) : left;
        byte[] rightEssence = rules.hasPatterns() ? essence(right) : right;
        if (!Arrays.equals(leftEssence, rightEssence)) {
            to.add(new Difference(Field.WHOLE_BODY, described(left), described(right)));
        }
    }

    private byte[] essence(byte[] octets) {
        return rules.essence(new String(octets, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
    }

    private String described(byte[] octets) {
        byte[] digest = sha256.digest(octets);
        return octets.length + " octets, sha256 " + HexFormat.of().formatHex(digest, 0, SHOWN_DIGEST_BYTES);
    }
}
