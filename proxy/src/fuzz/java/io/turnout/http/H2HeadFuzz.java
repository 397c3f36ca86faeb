package io.turnout.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.turnout.http.H2RequestReader.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;

/** Whatever is taken from HTTP/2 is, sent on as HTTP/1, a head that our own strict parser takes too. */
class H2HeadFuzz {
    @FuzzTest(maxDuration = "60s")
    @DictionaryEntries({
        "\":method\"",
        "\":path\"",
        "\":scheme\"",
        "\":authority\"",
        "\"GET\"",
        "\"/\"",
        "\"https\"",
        "\"a.test\"",
        "\"host\"",
        "\"te\"",
        "\"trailers\"",
        "\"cookie\"",
        "\"content-length\"",
        "\"transfer-encoding\"",
        "\"connection\"",
        "\"\\x0D\\x0A\""
    })
    void isAHeadInHttp1Too(FuzzedDataProvider data) {
        List<Entry<CharSequence, CharSequence>> section = new ArrayList<>();
        if (data.consumeBoolean()) {
            section.add(Map.<CharSequence, CharSequence>entry(":method", "GET"));
            section.add(Map.<CharSequence, CharSequence>entry(":scheme", "https"));
            section.add(Map.<CharSequence, CharSequence>entry(":authority", "a.test"));
            section.add(Map.<CharSequence, CharSequence>entry(":path", "/" + text(data)));
        }
        while (data.remainingBytes() > 0 && section.size() < 20) {
            section.add(Map.<CharSequence, CharSequence>entry(text(data), text(data)));
        }
        RequestHead head = new RequestHead();
        if (new H2RequestReader().read(section, true, head, HeadLimits.DEFAULT) == Verdict.ACCEPTED) {
            ForwardingRules.dropHopByHop(head.fields());
            ByteBuf out = Unpooled.buffer(64 * 1024);
            new H1HeadWriter().request(head, new byte[0], "fallback".getBytes(StandardCharsets.US_ASCII), out);
            String sent = out.toString(StandardCharsets.ISO_8859_1);
            assertThat(new H1RequestParser().parse(new RequestHead(), out, HeadLimits.DEFAULT))
                    .as(sent)
                    .isEqualTo(H1RequestParser.Progress.COMPLETE);
            assertThat(out.isReadable()).as(sent).isFalse();
        }
    }

    private static String text(FuzzedDataProvider data) {
        return new String(data.consumeBytes(data.consumeInt(0, 40)), StandardCharsets.ISO_8859_1);
    }
}
