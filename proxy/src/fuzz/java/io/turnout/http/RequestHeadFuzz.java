package io.turnout.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.turnout.http.H1RequestParser.Progress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A head is read to the same end however its octets are cut into reads, though not always refused for the same reason, nothing that could be taken for the end of a line
 * is left in it, and what is sent of it is read as the same head again.
 */
class RequestHeadFuzz {
    @FuzzTest(maxDuration = "60s")
    @DictionaryEntries({
        "\"GET / HTTP/1.1\\x0D\\x0A\"",
        "\"Host: a\\x0D\\x0A\"",
        "\"Content-Length: 1\\x0D\\x0A\"",
        "\"Transfer-Encoding: chunked\\x0D\\x0A\"",
        "\"http://a/\"",
        "\"OPTIONS * HTTP/1.0\\x0D\\x0A\"",
        "\"Connection: close\\x0D\\x0A\"",
        "\"\\x0D\\x0A\\x0D\\x0A\"",
        "\"%2e%2E/\"",
        "\"%2f\""
    })
    void isReadTheSameHoweverItArrives(byte[] octets) {
        List<String> whole = read(octets, octets.length);
        assertThat(read(octets, 1)).isEqualTo(whole);
        assertThat(read(octets, 7)).isEqualTo(whole);
        if (whole.get(0).equals("COMPLETE")) {
            assertThat(String.join("", whole))
                    .doesNotContain("\r")
                    .doesNotContain("\n")
                    .doesNotContain("\0");
            assertThat(read(sent(octets), octets.length + 100).get(0)).isEqualTo("COMPLETE");
        }
    }

    private static List<String> read(byte[] octets, int atOnce) {
        RequestHead head = new RequestHead();
        H1RequestParser parser = new H1RequestParser();
        Progress progress = feed(parser, head, octets, Math.max(1, atOnce));
        List<String> found = new ArrayList<>(List.of(progress.name()));
        if (progress == Progress.COMPLETE) {
            found.add(head.method(new ByteText()).toString());
            found.add(head.path(new ByteText()).toString());
            found.add(head.framing() + " " + head.contentLength() + " " + head.keepAlive());
            for (int i = 0; i < head.fields().count(); i++) {
                found.add(head.fields().name(i) + "=" + head.fields().value(i));
            }
        }
        return found;
    }

    private static Progress feed(H1RequestParser parser, RequestHead head, byte[] octets, int atOnce) {
        ByteBuf in = Unpooled.buffer(octets.length);
        Progress progress = Progress.IDLE;
        int fed = 0;
        while (progress == Progress.IDLE || progress == Progress.PARTIAL) {
            if (fed == octets.length && !in.isReadable()) {
                return progress;
            }
            int next = Math.min(atOnce, octets.length - fed);
            in.writeBytes(octets, fed, next);
            fed += next;
            progress = parser.parse(head, in, HeadLimits.DEFAULT);
        }
        return progress;
    }

    /** The head as it would go to a backend. */
    private static byte[] sent(byte[] octets) {
        RequestHead head = new RequestHead();
        feed(new H1RequestParser(), head, octets, Math.max(1, octets.length));
        ByteBuf out = Unpooled.buffer(octets.length + 4096);
        ForwardingRules.dropHopByHop(head.fields());
        new H1HeadWriter().request(head, new byte[0], "fallback".getBytes(StandardCharsets.US_ASCII), out);
        byte[] written = new byte[out.readableBytes()];
        out.readBytes(written);
        return written;
    }
}
