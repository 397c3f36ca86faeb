package io.turnout.bench.backend;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.turnout.bench.wire.PatternBody;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Ready-made answers, with the fields an ordinary service sends. Written anew each second for the Date.
 *
 * <p>Confined to the harness loop after construction.
 */
final class Answers implements AutoCloseable {
    private static final int KIB = 1024;
    private static final int MIB = 1024 * KIB;
    private static final DateTimeFormatter IMF_FIXDATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final EventLoop loop;
    private final ScheduledFuture<?> clock;
    private String commonFields = "";
    private ByteBuf small = Unpooled.EMPTY_BUFFER;
    private ByteBuf large = Unpooled.EMPTY_BUFFER;

    Answers(EventLoop loop) {
        this.loop = loop;
        render();
        clock = loop.scheduleAtFixedRate(this::render, 1, 1, TimeUnit.SECONDS);
    }

    /** An answer with 1 KiB of body; the caller releases it. */
    ByteBuf small() {
        return small.retainedDuplicate();
    }

    /** An answer with 1 MiB of body; the caller releases it. */
    ByteBuf large() {
        return large.retainedDuplicate();
    }

    /** An answer with this text as body; the caller releases it. */
    ByteBuf text(String status, String body) {
        return Unpooled.copiedBuffer(head(status, body.length()) + body, StandardCharsets.US_ASCII);
    }

    /** The head of an answer with a body of this length; the caller releases it. */
    ByteBuf headFor(long bodyBytes) {
        return Unpooled.copiedBuffer(head("200 OK", bodyBytes), StandardCharsets.US_ASCII);
    }

    private void render() {
        commonFields = "Date: " + IMF_FIXDATE.format(Instant.now())
                + "\r\nServer: bench\r\nContent-Type: application/octet-stream\r\n";
        small.release();
        small = withPattern(KIB);
        large.release();
        large = withPattern(MIB);
    }

    private ByteBuf withPattern(int bytes) {
        ByteBuf answer = Unpooled.directBuffer(bytes + 256);
        answer.writeCharSequence(head("200 OK", bytes), StandardCharsets.US_ASCII);
        int done = 0;
        while (done < bytes) {
            ByteBuf slice = PatternBody.slice(done, bytes - done);
            done += slice.readableBytes();
            answer.writeBytes(slice);
            slice.release();
        }
        return answer;
    }

    private String head(String status, long bodyBytes) {
        return "HTTP/1.1 " + status + "\r\n" + commonFields + "Content-Length: " + bodyBytes + "\r\n\r\n";
    }

    @Override
    public void close() {
        clock.cancel(false);
        loop.execute(() -> {
            small.release();
            large.release();
        });
    }
}
