package io.turnout.compare;

import io.turnout.compare.Answer.BodyState;
import io.turnout.compare.Comparison.BodySkip;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A body without its content coding (RFC 9110 section 8.4), or why there is none. Immutable.
 *
 * @param octets empty when skipped
 */
@SuppressWarnings("ArrayRecordComponent") // read only
record Unpacked(byte[] octets, @Nullable BodySkip skipped) {
    private static final byte[] NOTHING = {};

    /** @param atMost larger bodies are skipped: a small packed one can hold gigabytes */
    static Unpacked of(Answer answer, int atMost) {
        if (answer.bodyState() == BodyState.TOO_LARGE || answer.body().length > atMost) {
            return new Unpacked(NOTHING, BodySkip.TOO_LARGE);
        }
        String coding = answer.contentEncoding().strip().toLowerCase(Locale.ROOT);
        if (coding.isEmpty() || coding.equals("identity") || answer.body().length == 0) {
            return new Unpacked(answer.body(), null);
        }
        return coding.equals("gzip") || coding.equals("x-gzip")
                ? unzipped(answer.body(), atMost)
                : new Unpacked(NOTHING, BodySkip.ENCODED);
    }

    private static Unpacked unzipped(byte[] packed, int atMost) {
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            byte[] octets = in.readNBytes(atMost);
            return in.read() < 0 ? new Unpacked(octets, null) : new Unpacked(NOTHING, BodySkip.TOO_LARGE);
        } catch (IOException e) {
            return new Unpacked(NOTHING, BodySkip.ENCODED);
        }
    }
}
