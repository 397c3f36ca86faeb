package io.turnout.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class H1HeadReaderTest {
    @Test
    void findsTheFirstControlWhateverStandsAround() {
        Random random = new Random(7);
        byte[] octets = new byte[40];
        for (int round = 0; round < 200_000; round++) {
            for (int i = 0; i < octets.length; i++) {
                // Every kind of octet, and runs of clean ones long enough to come to the end.
                octets[i] = random.nextInt(12) == 0 ? (byte) random.nextInt(256) : (byte) ('a' + random.nextInt(26));
            }
            int from = random.nextInt(octets.length);
            int to = from + random.nextInt(octets.length - from + 1);
            assertThat(H1HeadReader.clean(octets, from, to)).isEqualTo(firstControl(octets, from, to));
        }
    }

    private static int firstControl(byte[] octets, int from, int to) {
        int at = from;
        while (at < to && (octets[at] == '\t' || !Character.isISOControl(octets[at] & 0xff) || octets[at] < 0)) {
            at++;
        }
        return at;
    }
}
