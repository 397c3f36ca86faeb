package io.turnout.exchange.mirror;

import io.netty.buffer.ByteBuf;
import io.turnout.compare.Answer;
import io.turnout.compare.Answer.BodyState;
import io.turnout.compare.ComparisonRules;
import io.turnout.http.Fields;
import io.turnout.http.ResponseHead;
import io.turnout.telemetry.MirrorBudget;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Keeps of one answer what will be compared, within the mirror's budget. The octets are copied: a retained slice would
 * pin sixteen kilobytes for every short answer that waits.
 *
 * <p>Confined to its event loop.
 */
final class AnswerCapture {
    private static final byte[] NOTHING = {};
    private static final int FIRST_BYTES = 1024;

    private final ComparisonRules rules;
    private final MirrorBudget budget;
    private final long totalBytes;
    private final Map<String, String> headers = new HashMap<>();
    private int status;
    private String contentType = "";
    private String contentEncoding = "";
    private byte[] body = NOTHING;
    private int length;
    private boolean tooLarge;
    private boolean crowdedOut;

    AnswerCapture(ComparisonRules rules, MirrorBudget budget, long totalBytes) {
        this.rules = rules;
        this.budget = budget;
        this.totalBytes = totalBytes;
    }

    void onHead(ResponseHead head) {
        status = head.status();
        Fields fields = head.fields();
        for (String name : rules.headers()) {
            String value = joined(fields, name);
            if (!value.isEmpty() || fields.find(name) >= 0) {
                headers.put(name, value);
            }
        }
        contentType = joined(fields, "content-type");
        contentEncoding = joined(fields, "content-encoding");
        if (head.contentLength() > rules.bodyBytes()) {
            tooLarge = true;
        } else if (head.contentLength() > 0) {
            reserve((int) head.contentLength());
        }
    }

    private static String joined(Fields fields, String name) {
        String joined = null;
        for (int i = 0; i < fields.count(); i++) {
            if (!fields.isDropped(i) && fields.nameEquals(i, name)) {
                joined = joined == null ? fields.value(i) : joined + ", " + fields.value(i);
            }
        }
        return joined == null ? "" : joined;
    }

    void onBody(ByteBuf buffer, int index, int more) {
        if (tooLarge || crowdedOut) {
            return;
        }
        if (length + (long) more > rules.bodyBytes()) {
            tooLarge = true;
            release();
            return;
        }
        if (length + more > body.length) {
            long doubled = Math.max(FIRST_BYTES, 2L * body.length);
            reserve((int) Math.min(rules.bodyBytes(), Math.max(doubled, length + more)));
        }
        if (!crowdedOut) {
            buffer.getBytes(index, body, length, more);
            length += more;
        }
    }

    private void reserve(int capacity) {
        if (!budget.tryHold(capacity - body.length, totalBytes)) {
            crowdedOut = true;
            release();
            return;
        }
        body = Arrays.copyOf(body, capacity);
    }

    /** Whether there was no room for it. */
    boolean isCrowdedOut() {
        return crowdedOut;
    }

    /** Octets of the budget it holds. */
    int held() {
        return body.length;
    }

    /** Gives the room back, for an answer that will not be compared. */
    void release() {
        budget.release(body.length);
        body = NOTHING;
        length = 0;
    }

    /** The answer; the room it takes is from now on the caller's to give back. */
    Answer taken() {
        byte[] whole = length == body.length ? body : Arrays.copyOf(body, length);
        return new Answer(
                status, headers, contentType, contentEncoding, whole, tooLarge ? BodyState.TOO_LARGE : BodyState.WHOLE);
    }
}
