package io.turnout.bench.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class H2FrameReaderTest {
    private final List<String> seen = new ArrayList<>();
    private final H2FrameReader reader = new H2FrameReader((type, flags, stream, data, length) -> seen.add(type + "/"
            + flags + "/" + stream + " " + data.toString(data.readerIndex(), length, StandardCharsets.US_ASCII)));

    private static ByteBuf frames() {
        ByteBuf out = Unpooled.buffer();
        H2Frames.header(out, 5, H2Frames.DATA, H2Frames.END_STREAM, 7);
        out.writeCharSequence("hello", StandardCharsets.US_ASCII);
        H2Frames.header(out, 0, H2Frames.SETTINGS, H2Frames.ACK, 0);
        H2Frames.header(out, 2, H2Frames.HEADERS, H2Frames.END_HEADERS, 9);
        out.writeCharSequence("ab", StandardCharsets.US_ASCII);
        return out;
    }

    @Test
    void cutsWhatCameAtOnceIntoFrames() {
        reader.read(frames());

        assertThat(seen).containsExactly("0/1/7 hello", "4/1/0 ", "1/4/9 ab");
    }

    @Test
    void putsFramesTogetherThatComeOctetByOctet() {
        ByteBuf in = frames();
        while (in.isReadable()) {
            reader.read(in.readSlice(1));
        }

        assertThat(seen).containsExactly("0/1/7 hello", "4/1/0 ", "1/4/9 ab");
    }

    @Test
    void refusesWhatIsNoFrame() {
        ByteBuf in = Unpooled.copiedBuffer("HTTP/1.1 400 Bad Request\r\n", StandardCharsets.US_ASCII);

        assertThatThrownBy(() -> reader.read(in)).isInstanceOf(IllegalArgumentException.class);
    }
}
