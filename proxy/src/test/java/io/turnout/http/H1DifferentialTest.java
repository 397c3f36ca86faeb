package io.turnout.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Random requests, well formed and mangled, read by our parser and by Netty's decoder. Ours may refuse what Netty takes;
 * what ours takes, Netty must take too, and read as the same message: the same method, fields and body. And however the
 * octets are cut into reads, ours must come to the same end.
 */
class H1DifferentialTest {
    private static final int INPUTS = Integer.getInteger("turnout.fuzz", 60_000);

    private static final String[] LINES = {
        "GET / HTTP/1.1",
        "POST /a?b=c HTTP/1.1",
        "PUT /x/../y HTTP/1.1",
        "HEAD / HTTP/1.0",
        "OPTIONS * HTTP/1.1",
        "PATCH http://h.test/p HTTP/1.1",
        "M-SEARCH /%41%2f HTTP/1.1",
        "GET / HTTP/2.0",
        "GET  / HTTP/1.1"
    };

    private static final String[] FIELDS = {
        "Host: a.test",
        "Host: b.test:80",
        "Content-Length: 5",
        "Content-Length: 3",
        "Content-Length: 05",
        "Transfer-Encoding: chunked",
        "Transfer-Encoding: gzip, chunked",
        "transfer-encoding:chunked",
        "Connection: close",
        "Connection: keep-alive, x-a",
        "X-A: 1",
        "X-B:   spaced   ",
        "X-C:",
        "x-d: \t tab\t",
        "Accept: text/html, */*;q=0.8",
        "Cookie: a=b; c=\"d\"",
        "X-Obs: \u00e9\u00ff",
        "Expect: 100-continue",
        "Te: trailers",
        "X-E : bad",
        " folded",
        "no colon",
        ": empty",
        "X-F: a\u0000b",
        "X-G: a\rb"
    };

    private static final String[] BODIES = {
        "",
        "hello",
        "5\r\nhello\r\n0\r\n\r\n",
        "1;x=y\r\na\r\n0\r\nT: v\r\n\r\n",
        "0\r\n\r\n",
        "005\r\nhello\r\n00\r\n\r\n",
        "5\nhello\n0\n\n",
        "x\r\n",
        "5\r\nhellox0\r\n\r\n",
        "FFFFFFFFFFFFFFFFF\r\n"
    };

    /** What a parser made of the octets: null when it refused them or wanted more. */
    private record Message(String method, List<Map.Entry<String, String>> fields, String body) {}

    @Test
    void whatWeTakeNettyReadsAsTheSameMessage() {
        long seed = Long.getLong("prop.seed", 20261121);
        SplittableRandom random = new SplittableRandom(seed);
        int taken = 0;
        for (int i = 0; i < INPUTS; i++) {
            byte[] octets = input(random);
            Message ours = ours(octets, octets.length);
            String context = "seed " + seed + " input " + i + ":\n" + new String(octets, StandardCharsets.ISO_8859_1);
            assertThat(ours(octets, 1)).as(context).isEqualTo(ours);
            assertThat(ours(octets, 1 + random.nextInt(20))).as(context).isEqualTo(ours);
            if (ours != null) {
                taken++;
                assertThat(netty(octets)).as(context).isEqualTo(ours);
            }
        }
        assertThat(taken)
                .as("inputs that were taken, or the test proves nothing")
                .isGreaterThan(INPUTS / 50);
    }

    private static byte[] input(SplittableRandom random) {
        StringBuilder text = new StringBuilder();
        text.append(LINES[random.nextInt(LINES.length)]).append("\r\n");
        if (random.nextInt(10) > 0) {
            text.append("Host: first.test\r\n");
        }
        for (int i = random.nextInt(5); i > 0; i--) {
            text.append(FIELDS[random.nextInt(FIELDS.length)]).append("\r\n");
        }
        text.append("\r\n").append(BODIES[random.nextInt(BODIES.length)]);
        byte[] octets = text.toString().getBytes(StandardCharsets.ISO_8859_1);
        for (int i = random.nextInt(4) == 0 ? 1 + random.nextInt(3) : 0; i > 0; i--) {
            octets[random.nextInt(octets.length)] = (byte) "\r\n\t :;,0aF\u0000\u00ff/".charAt(random.nextInt(13));
        }
        return octets;
    }

    private static @Nullable Message ours(byte[] octets, int atOnce) {
        H1RequestParser parser = new H1RequestParser();
        RequestHead head = new RequestHead();
        ByteBuf in = Unpooled.buffer(octets.length);
        int fed = 0;
        H1RequestParser.Progress progress = H1RequestParser.Progress.IDLE;
        while (progress == H1RequestParser.Progress.IDLE || progress == H1RequestParser.Progress.PARTIAL) {
            if (fed == octets.length && !in.isReadable()) {
                return null;
            }
            int next = Math.min(atOnce, octets.length - fed);
            in.writeBytes(octets, fed, next);
            fed += next;
            progress = parser.parse(head, in, HeadLimits.DEFAULT);
        }
        if (progress == H1RequestParser.Progress.REFUSED) {
            return null;
        }
        String body = ourBody(head, in, octets, fed, atOnce);
        return body == null ? null : new Message(head.method(new ByteText()).toString(), received(head.fields()), body);
    }

    private static @Nullable String ourBody(RequestHead head, ByteBuf in, byte[] octets, int alreadyFed, int atOnce) {
        H1BodyReader reader = new H1BodyReader();
        reader.begin(head.framing(), head.contentLength());
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        int fed = alreadyFed;
        while (true) {
            H1BodyReader.Piece piece = reader.next(in);
            switch (piece) {
                case DATA -> {
                    for (int i = 0; i < reader.dataLength(); i++) {
                        body.write(in.getByte(reader.dataIndex() + i));
                    }
                }
                case END -> {
                    return body.toString(StandardCharsets.ISO_8859_1);
                }
                case REFUSED -> {
                    return null;
                }
                case MORE -> {
                    if (fed == octets.length) {
                        return null;
                    }
                    int next = Math.min(atOnce, octets.length - fed);
                    in.writeBytes(octets, fed, next);
                    fed += next;
                }
            }
        }
    }

    /** All fields as they came; that some are dropped before they are passed on is not the parser's concern. */
    private static List<Map.Entry<String, String>> received(Fields fields) {
        List<Map.Entry<String, String>> all = new ArrayList<>();
        for (int i = 0; i < fields.count(); i++) {
            all.add(Map.entry(fields.name(i), fields.value(i)));
        }
        return all;
    }

    private static @Nullable Message netty(byte[] octets) {
        EmbeddedChannel channel = new EmbeddedChannel(new HttpRequestDecoder());
        channel.writeInbound(Unpooled.wrappedBuffer(octets));
        HttpRequest request = null;
        StringBuilder body = new StringBuilder();
        try {
            for (Object message; (message = channel.readInbound()) != null; ReferenceCountUtil.release(message)) {
                if (message instanceof HttpRequest next) {
                    if (request != null || next.decoderResult().isFailure()) {
                        return null;
                    }
                    request = next;
                }
                if (message instanceof HttpContent content) {
                    if (content.decoderResult().isFailure()) {
                        return null;
                    }
                    body.append(content.content().toString(StandardCharsets.ISO_8859_1));
                }
                if (message instanceof LastHttpContent && request != null) {
                    List<Map.Entry<String, String>> fields = new ArrayList<>();
                    request.headers().forEach(entry -> fields.add(Map.entry(entry.getKey(), entry.getValue())));
                    return new Message(request.method().name(), fields, body.toString());
                }
            }
            return null;
        } finally {
            channel.finishAndReleaseAll();
        }
    }
}
