package io.turnout.bench.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class PatternBodyTest {
    @Test
    void slicesFromEndToEndHaveTheChecksumOfTheWhole() {
        long bytes = 3L * PatternBody.BLOCK_BYTES + 17;
        CRC32C sum = new CRC32C();
        long at = 0;
        while (at < bytes) {
            ByteBuf slice = PatternBody.slice(at, bytes - at);
            PatternBody.addTo(sum, slice, slice.readableBytes());
            at += slice.readableBytes();
            slice.release();
        }

        assertThat(sum.getValue()).isEqualTo(PatternBody.checksum(bytes));
    }

    @Test
    void bodiesOfDifferentLengthHaveDifferentChecksums() {
        assertThat(PatternBody.checksum(PatternBody.BLOCK_BYTES)).isNotEqualTo(PatternBody.checksum(1));
        assertThat(PatternBody.receipt(12, 0xabcL)).isEqualTo("12 00000abc");
    }
}
