package io.turnout.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A path that is taken has one form: to take it again changes nothing, and it leads nowhere above the root. */
class RequestTargetFuzz {
    @FuzzTest(maxDuration = "60s")
    @DictionaryEntries({
        "\"/../\"",
        "\"/./\"",
        "\"//\"",
        "\"%2e\"",
        "\"%2F\"",
        "\"%5c\"",
        "\"%25\"",
        "\"?\"",
        "\"http://a\"",
        "\"https://a:1/\"",
        "\";\"",
        "\"\\x5C\""
    })
    void hasOneForm(byte[] octets) {
        for (EncodedSlashes encodedSlashes : EncodedSlashes.values()) {
            String path = path(new String(octets, StandardCharsets.ISO_8859_1), encodedSlashes);
            if (path == null) {
                continue;
            }
            assertThat(path).startsWith("/").doesNotContain("//", "\\", "#", " ");
            assertThat(Arrays.asList(path.split("/", -1))).doesNotContain(".", "..");
            assertThat(path(path, encodedSlashes)).isEqualTo(path);
        }
    }

    private static @Nullable String path(String target, EncodedSlashes encodedSlashes) {
        byte[] request = ("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
        RequestHead head = new RequestHead();
        HeadLimits limits = new HeadLimits(64 * 1024, 128 * 1024, 10, encodedSlashes);
        return new H1RequestParser().parse(head, Unpooled.wrappedBuffer(request), limits)
                        == H1RequestParser.Progress.COMPLETE
                ? head.path(new ByteText()).toString()
                : null;
    }
}
