package io.turnout.h2;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;
import java.util.Map.Entry;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** To the codec, the list is what Netty's table is. */
class FieldSectionTest {
    private static final long SEED = Long.getLong("prop.seed", 7L);

    private static final AsciiString[] NAMES = {
        AsciiString.of(":path"), AsciiString.of("a"), AsciiString.of("content-length"), AsciiString.of("cookie")
    };

    private final FieldSection section = new FieldSection();

    private static List<String> lines(Http2Headers headers) {
        List<String> lines = new ArrayList<>();
        for (Entry<CharSequence, CharSequence> line : headers) {
            lines.add(line.getKey() + ": " + line.getValue());
        }
        return lines;
    }

    @Test
    void answersLikeNettysTableForAnyLinesOneSectionAfterTheOther() {
        Random random = new Random(SEED);
        for (int round = 0; round < 500; round++) {
            Http2Headers table = new DefaultHttp2Headers(false);
            section.clear();
            int count = random.nextInt(round % 50 == 0 ? 200 : 8);
            for (int i = 0; i < count; i++) {
                AsciiString name = NAMES[random.nextInt(NAMES.length)];
                AsciiString value = AsciiString.of(Integer.toString(random.nextInt(3)));
                section.add(name, value);
                table.add(name, value);
            }
            String where = "round " + round + ", -Dprop.seed=" + SEED;
            assertThat(section.size()).as(where).isEqualTo(table.size());
            assertThat(section.isEmpty()).as(where).isEqualTo(table.isEmpty());
            assertThat(section.path()).as(where).isEqualTo(table.path());
            assertThat(section.status()).as(where).isNull();
            for (AsciiString name : NAMES) {
                assertThat(section.contains(name)).as(where).isEqualTo(table.contains(name));
                assertThat(section.getAll(name)).as(where).isEqualTo(table.getAll(name));
            }
            section.setLong(NAMES[2], 42);
            table.setLong(NAMES[2], 42);
            assertThat(lines(section)).as(where).containsExactlyInAnyOrderElementsOf(lines(table));
        }
    }

    @Test
    void keepsTheOrderOfTheLines() {
        section.add("b", "1").add("a", "2").add("b", "3");
        assertThat(lines(section)).containsExactly("b: 1", "a: 2", "b: 3");
        section.setLong("b", 4);
        assertThat(lines(section)).containsExactly("b: 4", "a: 2");
    }

    @Test
    void forgetsEverythingWhenItIsCleared() {
        section.add("a", "1").clear();
        assertThat(section.isEmpty()).isTrue();
        assertThat(section.get("a")).isNull();
        assertThat(lines(section)).isEmpty();
    }
}
