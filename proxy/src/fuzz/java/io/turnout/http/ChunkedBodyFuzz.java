package io.turnout.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.turnout.http.H1BodyReader.Piece;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A chunked body has the same content and the same end however its octets are cut into reads. */
class ChunkedBodyFuzz {
    @FuzzTest(maxDuration = "60s")
    @DictionaryEntries({
        "\"5\\x0D\\x0Ahello\\x0D\\x0A\"",
        "\"0\\x0D\\x0A\\x0D\\x0A\"",
        "\"0\\x0D\\x0A\"",
        "\"A;a=\\x22b\\x22\\x0D\\x0A\"",
        "\"X: 1\\x0D\\x0A\"",
        "\"\\x0D\\x0A\"",
        "\";\\x22\\x5C\\x22\\x22\""
    })
    void isReadTheSameHoweverItArrives(byte[] octets) {
        String whole = read(octets, octets.length);
        assertThat(read(octets, 1)).isEqualTo(whole);
        assertThat(read(octets, 5)).isEqualTo(whole);
    }

    private static String read(byte[] octets, int atOnce) {
        H1BodyReader reader = new H1BodyReader();
        reader.begin(Framing.STREAM, 0);
        ByteBuf in = Unpooled.buffer(octets.length);
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        Piece piece = Piece.MORE;
        int fed = 0;
        while (piece == Piece.MORE || piece == Piece.DATA) {
            if (piece == Piece.MORE) {
                if (fed == octets.length) {
                    break;
                }
                int next = Math.min(Math.max(1, atOnce), octets.length - fed);
                in.writeBytes(octets, fed, next);
                fed += next;
            }
            piece = reader.next(in);
            for (int i = 0; piece == Piece.DATA && i < reader.dataLength(); i++) {
                content.write(in.getByte(reader.dataIndex() + i));
            }
        }
        return piece + " " + content.toString(StandardCharsets.ISO_8859_1);
    }
}
