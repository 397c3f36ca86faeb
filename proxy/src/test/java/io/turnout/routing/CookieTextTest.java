package io.turnout.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CookieTextTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            nullValues = "none",
            value = {
                "uid=7|7",
                "a=1; uid=7; b=2|7",
                "a=1;uid=7|7",
                " uid = 7 ;a=1|7",
                "uid=7; uid=8|7",
                "uid=\"7\"|7",
                "uid=\"7|\"7",
                "uid=\"|\"",
                "uid=|''",
                "uid=a=b|a=b",
                "Uid=7|none",
                "xuid=7|none",
                "uidx=7|none",
                "a=uid=7|none",
                "a=\"x; uid=7\"|7\"",
                "uid|none",
                "uid; uid=7|7",
                "=7|none",
                ";;|none",
                "''|none"
            })
    void findsTheFirstCookieOfThatNameOnly(String field, @Nullable String expected) {
        assertThat(find(field, "uid")).isEqualTo(expected);
    }

    @Test
    void agreesWithAPlainParserOnArbitraryFields() {
        Seeded.check(50_000, random -> {
            String field = arbitrary(random);
            assertThat(find(field, "ab")).as(field).isEqualTo(plain(field, "ab"));
        });
    }

    private static @Nullable String find(String field, String name) {
        long region = CookieText.find(field, name);
        return region == Region.NONE ? null : field.substring(Region.from(region), Region.to(region));
    }

    private static String arbitrary(SplittableRandom random) {
        var field = new StringBuilder();
        for (int i = random.nextInt(24); i > 0; i--) {
            field.append("aabb==;; \t\"x".charAt(random.nextInt(12)));
        }
        return field.toString();
    }

    private static @Nullable String plain(String field, String name) {
        for (String pair : field.split(";", -1)) {
            int equals = pair.indexOf('=');
            if (equals >= 0 && pair.substring(0, equals).strip().equals(name)) {
                String value = pair.substring(equals + 1).strip();
                return value.matches("\"[^\\x00]*\"") ? value.substring(1, value.length() - 1) : value;
            }
        }
        return null;
    }
}
