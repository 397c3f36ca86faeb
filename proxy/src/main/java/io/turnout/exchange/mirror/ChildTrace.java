package io.turnout.exchange.mirror;

import io.turnout.http.Fields;
import io.turnout.http.KnownField;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Gives a copy a place of its own in the trace of its original (W3C Trace Context section 3.2): same trace, another
 * parent id, so that the spans of shadow and primary do not hang on one. Confined to its event loop.
 */
final class ChildTrace {
    private static final String TRACEPARENT = "traceparent";
    private static final int PARENT_START = 36;
    private static final int PARENT_END = 52;
    private static final int LENGTH = 55;
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
    private static final HexFormat HEX = HexFormat.of();

    private long seed;

    ChildTrace(long seed) {
        this.seed = seed;
    }

    /** Leaves heads without a traceparent, with several, or with one we cannot read as they are. */
    void continueIn(Fields fields) {
        int index = fields.find(KnownField.TRACEPARENT);
        if (index < 0 || fields.findFrom(KnownField.TRACEPARENT, index + 1) >= 0) {
            return;
        }
        String child = child(fields.value(index));
        if (child != null) {
            fields.drop(KnownField.TRACEPARENT);
            fields.add(TRACEPARENT, child);
        }
    }

    private @Nullable String child(String traceparent) {
        if (traceparent.length() < LENGTH
                || traceparent.charAt(PARENT_START - 1) != '-'
                || traceparent.charAt(PARENT_END) != '-') {
            return null;
        }
        return traceparent.substring(0, PARENT_START) + HEX.toHexDigits(nextId()) + traceparent.substring(PARENT_END);
    }

    /** SplitMix64; an id of all zeros is invalid. */
    private long nextId() {
        long id;
        do {
            seed += GOLDEN_GAMMA;
            id = (seed ^ (seed >>> 30)) * 0xBF58476D1CE4E5B9L;
            id = (id ^ (id >>> 27)) * 0x94D049BB133111EBL;
            id ^= id >>> 31;
        } while (id == 0);
        return id;
    }
}
