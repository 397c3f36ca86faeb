package io.turnout.compare;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.compare.Answer.BodyState;
import io.turnout.compare.Comparison.BodySkip;
import io.turnout.compare.ComparisonRules.Ignore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What counts as a difference between two answers, and what of it is kept. */
class AnswerComparerTest {
    private static final int BODY_BYTES = 10_000;

    private static ComparisonRules rules(List<String> headers, List<Ignore> ignore, List<String> redact) {
        return new ComparisonRules(headers, BODY_BYTES, ignore, redact, 200_000, 300, 5);
    }

    private static Answer json(String body) {
        return new Answer(
                200, Map.of(), "application/json", "", body.getBytes(StandardCharsets.UTF_8), BodyState.WHOLE);
    }

    private static Answer text(String body) {
        return new Answer(200, Map.of(), "text/plain", "", body.getBytes(StandardCharsets.UTF_8), BodyState.WHOLE);
    }

    private static List<String> fields(String left, String right, Ignore... ignore) {
        return new AnswerComparer(rules(List.of(), List.of(ignore), List.of()))
                .compare(json(left), json(right)).differences().stream()
                        .map(difference -> difference.field().name())
                        .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\":1,\"b\":2}          | {\"b\":2,\"a\":1}         | `[]`",
                "{\"a\":1}                  | {\"a\":2}                 | [/a]",
                "{\"a\":1}                  | {\"a\":1.0}               | `[]`",
                "{\"a\":1}                  | {\"a\":\"1\"}             | [/a]",
                "{\"a\":1}                  | {}                        | [/a]",
                "{\"a\":null}               | {}                        | [/a]",
                "{\"a\":[1,2,3]}            | {\"a\":[1,5,6]}           | [/a/*]",
                "{\"a\":[1]}                | {\"a\":[1,2]}             | [/a/*]",
                "{\"a\":{\"b/c~\":1}}       | {\"a\":{\"b/c~\":2}}      | [/a/b~1c~0]",
                "{\"a\":0.1}                | {\"a\":0.10000000000000001} | [/a]",
            })
    void jsonIsComparedByStructure(String left, String right, String expected) {
        assertThat(fields(left.strip(), right.strip()).toString()).isEqualTo(expected);
    }

    @Test
    void aDifferenceIsIgnoredAtAndBelowItsPointer() {
        String left = "{\"at\":{\"t\":1},\"x\":[{\"id\":1,\"v\":1},{\"id\":2,\"v\":1}]}";
        String right = "{\"at\":{\"t\":2},\"x\":[{\"id\":8,\"v\":1},{\"id\":9,\"v\":2}]}";
        assertThat(fields(left, right)).containsExactly("/at/t", "/x/*/id", "/x/*/v");
        assertThat(fields(left, right, new Ignore.At("/at"), new Ignore.At("/x/*/id")))
                .containsExactly("/x/*/v");
        assertThat(fields(left, right, new Ignore.At("/at"), new Ignore.At("/x/0")))
                .containsExactly("/x/*/id", "/x/*/v");
        assertThat(fields(left, right, new Ignore.At(""))).isEmpty();
    }

    @Test
    void numbersWithinTheToleranceAreEqual() {
        Ignore close = new Ignore.Tolerance("/v", 10_000);
        assertThat(fields("{\"v\":100}", "{\"v\":101}", close)).isEmpty();
        assertThat(fields("{\"v\":100}", "{\"v\":102}", close)).containsExactly("/v");
        assertThat(fields("{\"v\":1e999999}", "{\"v\":-1e999999}", close)).containsExactly("/v");
    }

    @Test
    void anArrayWithoutOrderIsComparedAsABagAlsoUnderOtherRules() {
        Ignore bag = new Ignore.Unordered("/a");
        assertThat(fields("{\"a\":[1,2,2]}", "{\"a\":[2,1,2]}", bag)).isEmpty();
        assertThat(fields("{\"a\":[1,2,2]}", "{\"a\":[2,1,1]}", bag)).containsExactly("/a/*");
        assertThat(fields(
                        "{\"a\":[{\"n\":1,\"t\":1},{\"n\":2,\"t\":2}]}",
                        "{\"a\":[{\"n\":2,\"t\":3},{\"n\":1,\"t\":4}]}",
                        bag,
                        new Ignore.At("/a/*/t")))
                .isEmpty();
    }

    @Test
    void whatMatchesAnExpressionDoesNotCountInTextsHeadersAndTextBodies() {
        Ignore digits = new Ignore.Matching("req-[0-9]+");
        assertThat(fields("{\"a\":\"req-1 x\"}", "{\"a\":\"req-22 x\"}", digits))
                .isEmpty();
        AnswerComparer comparer = new AnswerComparer(rules(List.of("x-id"), List.of(digits), List.of()));
        assertThat(comparer.compare(text("hello req-1"), text("hello req-2")).differences())
                .isEmpty();
        Answer one = new Answer(200, Map.of("x-id", "req-1"), "", "", new byte[0], BodyState.WHOLE);
        Answer two = new Answer(200, Map.of("x-id", "req-2"), "", "", new byte[0], BodyState.WHOLE);
        assertThat(comparer.compare(one, two).differences()).isEmpty();
    }

    @Test
    void statusAndOnlyTheChosenHeadersAreCompared() {
        AnswerComparer comparer = new AnswerComparer(rules(List.of("etag", "x-new"), List.of(), List.of()));
        Answer one = new Answer(200, Map.of("etag", "a", "date", "1"), "", "", new byte[0], BodyState.WHOLE);
        Answer two =
                new Answer(500, Map.of("etag", "b", "date", "2", "x-new", "v"), "", "", new byte[0], BodyState.WHOLE);
        assertThat(comparer.compare(one, two).differences())
                .containsExactly(
                        new Difference(Field.STATUS, "200", "500"),
                        new Difference(new Field(FieldClass.HEADER, "etag"), "a", "b"),
                        new Difference(new Field(FieldClass.HEADER, "x-new"), Difference.ABSENT, "v"));
    }

    @Test
    void secretsAreNotKeptAlsoInsideOfWhatIsMissingAsAWhole() {
        AnswerComparer comparer =
                new AnswerComparer(rules(List.of("set-cookie"), List.of(), List.of("/user/email", "set-cookie")));
        Answer one = new Answer(
                200,
                Map.of("set-cookie", "s=secret1"),
                "application/json",
                "",
                "{\"user\":{\"email\":\"a@secret\",\"n\":1}}".getBytes(StandardCharsets.UTF_8),
                BodyState.WHOLE);
        Answer two = new Answer(
                200,
                Map.of("set-cookie", "s=secret2"),
                "application/json",
                "",
                "{}".getBytes(StandardCharsets.UTF_8),
                BodyState.WHOLE);
        List<Difference> found = comparer.compare(one, two).differences();
        assertThat(found).hasSize(2);
        assertThat(found.toString()).doesNotContain("secret").contains("\"n\":1");
    }

    @Test
    void otherBodiesAreComparedByOctetsAndShownByLengthAndDigest() {
        AnswerComparer comparer = new AnswerComparer(rules(List.of(), List.of(), List.of()));
        assertThat(comparer.compare(text("one"), text("one")).differences()).isEmpty();
        assertThat(comparer.compare(text("one"), text("three")).differences())
                .singleElement()
                .satisfies(difference -> assertThat(difference.primary()).startsWith("3 octets, sha256 "));
        assertThat(comparer.compare(json("{broken"), json("{broken too")).differences())
                .singleElement()
                .satisfies(difference -> assertThat(difference.field()).isEqualTo(Field.WHOLE_BODY));
    }

    @Test
    void packedBodiesAreUnpackedUpToTheLimitAndUnknownCodingsSkipped() throws IOException {
        AnswerComparer comparer = new AnswerComparer(rules(List.of(), List.of(), List.of()));
        assertThat(comparer.compare(gzip("{\"a\":1}"), json("{\"a\":1}"))).isEqualTo(new Comparison(List.of(), null));
        assertThat(comparer.compare(gzip("{\"a\":1}"), json("{\"a\":2}")).differences())
                .hasSize(1);
        assertThat(comparer.compare(gzip(" ".repeat(BODY_BYTES + 1)), json("{}"))
                        .bodySkipped())
                .isEqualTo(BodySkip.TOO_LARGE);
        Answer br = new Answer(200, Map.of(), "application/json", "br", new byte[] {1}, BodyState.WHOLE);
        assertThat(comparer.compare(br, json("{}")).bodySkipped()).isEqualTo(BodySkip.ENCODED);
        Answer torn = new Answer(200, Map.of(), "application/json", "gzip", new byte[] {31}, BodyState.WHOLE);
        assertThat(comparer.compare(torn, json("{}")).bodySkipped()).isEqualTo(BodySkip.ENCODED);
    }

    private static Answer gzip(String body) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(body.getBytes(StandardCharsets.UTF_8));
        }
        return new Answer(200, Map.of(), "application/json", "gzip", packed.toByteArray(), BodyState.WHOLE);
    }

    @Test
    void hostileDocumentsNeitherHangNorOverflow() {
        String deep = "[".repeat(4_000) + "]".repeat(4_000);
        assertThat(fields(deep, "{\"a\":1}")).hasSize(1);
        assertThat(fields("{\"a\":1e2147483647}", "{\"a\":1e-2147483647}")).containsExactly("/a");
        StringBuilder wide = new StringBuilder("{");
        for (int i = 0; i < 500; i++) {
            wide.append(i == 0 ? "" : ",").append("\"k").append(i).append("\":1");
        }
        assertThat(fields(wide + "}", "{}")).hasSizeLessThanOrEqualTo(100);
    }
}
