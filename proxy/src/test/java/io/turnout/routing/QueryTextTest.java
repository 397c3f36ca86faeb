package io.turnout.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueryTextTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            nullValues = "none",
            value = {
                "v=2|2",
                "a=1&v=2&b=3|2",
                "v=2&v=3|2",
                "v|''",
                "v=|''",
                "v=a=b|a=b",
                "v=a%20b+c|a b c",
                "%76=2|2",
                "v=%4|%4",
                "v=%zz|%zz",
                "v=%|%",
                "v=100%25|100%",
                "v=a%26w%3Db|a&w=b",
                "V=2|none",
                "av=2|none",
                "a=v=2|none",
                "a;v=2|none",
                "&&|none",
                "=2|none",
                "''|none"
            })
    void findsAndDecodesTheFirstParameterOfThatNameOnly(String query, @Nullable String expected) {
        assertThat(find(query, "v")).isEqualTo(expected);
    }

    @Test
    void comparesWithoutDecodingFirst() {
        String query = "v=%C3%A4+b";
        long region = QueryText.find(query, "v");
        int from = Region.from(region);
        int to = Region.to(region);

        assertThat(QueryText.decodesTo(query, from, to, Octets.of("\u00e4 b"))).isTrue();
        assertThat(QueryText.decodesTo(query, from, to, Octets.of("\u00e4 bc"))).isFalse();
        assertThat(QueryText.decodesTo(query, from, to, Octets.of("\u00e4 "))).isFalse();
        assertThat(QueryText.decodesTo(query, from, to, "")).isFalse();
    }

    @Test
    void agreesWithTheDecoderOfTheJdkOnWellFormedQueries() {
        Seeded.check(50_000, random -> {
            String query = arbitrary(random);
            assertThat(find(query, "ab")).as(query).isEqualTo(plain(query, "ab"));
        });
    }

    private static @Nullable String find(String query, String name) {
        long region = QueryText.find(query, name);
        return region == Region.NONE ? null : QueryText.decode(query, Region.from(region), Region.to(region));
    }

    private static String arbitrary(SplittableRandom random) {
        String[] parts = {"a", "b", "=", "&", "+", "%61", "%62", "%3d", "%3D", "%26", "%25", "x"};
        var query = new StringBuilder();
        for (int i = random.nextInt(16); i > 0; i--) {
            query.append(parts[random.nextInt(parts.length)]);
        }
        return query.toString();
    }

    private static @Nullable String plain(String query, String name) {
        for (String pair : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            String found = equals < 0 ? pair : pair.substring(0, equals);
            if (URLDecoder.decode(found, StandardCharsets.ISO_8859_1).equals(name)) {
                return equals < 0 ? "" : URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.ISO_8859_1);
            }
        }
        return null;
    }
}
