package io.turnout.bench.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class H1ReaderTest {
    /** Writes down what a reader tells. */
    private static final class Transcript implements H1Reader.Listener {
        private final List<String> events = new ArrayList<>();
        private final StringBuilder body = new StringBuilder();
        private final H1Reader reader;

        Transcript(H1Reader.Side side) {
            reader = new H1Reader(side, this);
        }

        @Override
        public void onHead() {
            events.add(reader.startLine() + (reader.keepAlive() ? "" : " close"));
        }

        @Override
        public void onBody(ByteBuf data, int length) {
            body.append(data.toString(data.readerIndex(), length, StandardCharsets.US_ASCII));
        }

        @Override
        public void onEnd() {
            events.add("[" + body + "]");
            body.setLength(0);
        }

        Transcript read(String text, int atOnce) {
            for (int i = 0; i < text.length(); i += atOnce) {
                String piece = text.substring(i, Math.min(i + atOnce, text.length()));
                reader.read(Unpooled.copiedBuffer(piece, StandardCharsets.US_ASCII));
            }
            return this;
        }
    }

    private static void check(H1Reader.Side side, String wire, String... events) {
        for (int atOnce : new int[] {1, 2, 3, 7, wire.length()}) {
            assertThat(new Transcript(side).read(wire, atOnce).events)
                    .as("%d octets at once", atOnce)
                    .containsExactly(events);
        }
    }

    @Test
    void readsAnswersOneAfterTheOther() {
        check(
                H1Reader.Side.ANSWERS,
                "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhelloHTTP/1.1 204 None\r\n\r\n"
                        + "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
                "HTTP/1.1 200 OK",
                "[hello]",
                "HTTP/1.1 204 None",
                "[]",
                "HTTP/1.1 200 OK close",
                "[]");
    }

    @Test
    void readsChunksAndSkipsTrailersAndExtensions() {
        check(
                H1Reader.Side.ANSWERS,
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n6\r\n world\r\n0\r\nX: y\r\n\r\n",
                "HTTP/1.1 200 OK",
                "[hello world]");
    }

    @Test
    void skipsInterimAnswers() {
        check(
                H1Reader.Side.ANSWERS,
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx",
                "HTTP/1.1 200 OK",
                "[x]");
    }

    @Test
    void takesARequestWithoutLengthAsOneWithoutBody() {
        check(
                H1Reader.Side.REQUESTS,
                "GET /a HTTP/1.1\r\nHost: b\r\n\r\nPOST /c HTTP/1.1\r\nContent-Length: 2\r\n\r\nhi",
                "GET /a HTTP/1.1",
                "[]",
                "POST /c HTTP/1.1",
                "[hi]");
    }

    @Test
    void endsABodyWithoutLengthWithTheConnection() {
        Transcript transcript = new Transcript(H1Reader.Side.ANSWERS).read("HTTP/1.1 200 OK\r\nA: b\r\n\r\nhello", 4);

        assertThat(transcript.reader.onClose()).isTrue();
        assertThat(transcript.events).containsExactly("HTTP/1.1 200 OK close", "[hello]");
    }

    @Test
    void calledCutOffWhenTheConnectionEndsWithinAMessage() {
        Transcript transcript =
                new Transcript(H1Reader.Side.ANSWERS).read("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", 50);

        assertThat(transcript.reader.onClose()).isFalse();
    }

    @Test
    void refusesAHeadWithoutEnd() {
        Transcript transcript = new Transcript(H1Reader.Side.ANSWERS);

        assertThatThrownBy(() -> transcript.read("HTTP/1.1 200 OK\r\nX: " + "x".repeat(80_000), 1000))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
