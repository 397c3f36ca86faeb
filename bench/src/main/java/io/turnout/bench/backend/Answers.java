package io.turnout.bench.backend;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.turnout.bench.wire.H2Frames;
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
    /** Length of the body of a small answer. */
    static final int SMALL_BYTES = 1024;

    private static final int MIB = 1024 * 1024;

    /** Of HTTP/2: {@code :status 200}, and fields that are not to be kept, by the index of their name. */
    private static final int STATUS_200 = 0x88;

    private static final int NAME_OF_15 = 0x0f;
    private static final int CONTENT_LENGTH = 28;
    private static final int CONTENT_TYPE = 31;
    private static final int DATE = 33;
    private static final int SERVER = 54;

    private static final DateTimeFormatter IMF_FIXDATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final EventLoop loop;
    private final ScheduledFuture<?> clock;
    private String commonFields = "";
    private ByteBuf small = Unpooled.EMPTY_BUFFER;
    private ByteBuf large = Unpooled.EMPTY_BUFFER;
    private ByteBuf smallBlock = Unpooled.EMPTY_BUFFER;

    Answers(EventLoop loop) {
        this.loop = loop;
        render();
        clock = loop.scheduleAtFixedRate(this::render, 1, 1, TimeUnit.SECONDS);
    }

    /** An answer with 1 KiB of body; the caller releases it. */
    ByteBuf small() {
        return small.retainedDuplicate();
    }

    /** Writes the same as frames of HTTP/2. */
    void writeSmallTo(ByteBuf out, int stream) {
        int length = smallBlock.readableBytes();
        H2Frames.header(out, length, H2Frames.HEADERS, H2Frames.END_HEADERS, stream);
        out.writeBytes(smallBlock, smallBlock.readerIndex(), length);
        H2Frames.header(out, SMALL_BYTES, H2Frames.DATA, H2Frames.END_STREAM, stream);
        out.writeBytes(small, small.writerIndex() - SMALL_BYTES, SMALL_BYTES);
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
        String date = IMF_FIXDATE.format(Instant.now());
        commonFields = "Date: " + date + "\r\nServer: bench\r\nContent-Type: application/octet-stream\r\n";
        small.release();
        small = withPattern(SMALL_BYTES);
        large.release();
        large = withPattern(MIB);
        smallBlock = block(date);
    }

    private static ByteBuf block(String date) {
        ByteBuf block = Unpooled.buffer();
        block.writeByte(STATUS_200);
        field(block, DATE, date);
        field(block, SERVER, "bench");
        field(block, CONTENT_TYPE, "application/octet-stream");
        field(block, CONTENT_LENGTH, Integer.toString(SMALL_BYTES));
        return block;
    }

    /** The index of a name does not fit into four bits, and goes on (RFC 7541 section 5.1). */
    private static void field(ByteBuf block, int name, String value) {
        block.writeByte(NAME_OF_15);
        H2Frames.field(block, name - NAME_OF_15, value);
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
