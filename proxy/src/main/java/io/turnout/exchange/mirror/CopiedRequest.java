package io.turnout.exchange.mirror;

import io.netty.buffer.ByteBuf;
import io.turnout.http.Fields;
import io.turnout.http.ResponseHead;
import io.turnout.telemetry.MirrorMeter;
import io.turnout.telemetry.MirrorUnpaired;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All copies of one request, as its exchange sees them: it tells what happens to the original and hears nothing back.
 *
 * <p>Confined to its event loop. {@link #onOver} is the exchange's last call: then the object is another request's.
 */
public final class CopiedRequest {
    private final List<Copy> copies = new ArrayList<>(2);
    private final List<Pairing> pairings = new ArrayList<>(1);
    private final List<MirrorMeter.Cell> meters = new ArrayList<>(1);
    private final LoopMirrors loop;
    private boolean answeredWhole;

    CopiedRequest(LoopMirrors loop) {
        this.loop = loop;
    }

    void add(Copy copy) {
        copies.add(copy);
    }

    void add(Pairing pairing) {
        pairings.add(pairing);
    }

    /** The original's latency is to be counted beside the copy's. */
    void add(MirrorMeter.Cell meter) {
        meters.add(meter);
    }

    boolean isEmpty() {
        return copies.isEmpty() && pairings.isEmpty();
    }

    /** Sends the copies' heads, once the original's own attempt has begun. */
    public void start() {
        for (int i = 0; i < copies.size(); i++) {
            copies.get(i).start();
        }
    }

    /** Content of the original's request; the buffer stays the caller's. */
    public void onBody(ByteBuf buffer, int index, int length) {
        for (int i = 0; i < copies.size(); i++) {
            copies.get(i).onBody(buffer, index, length);
        }
    }

    /** The original's request is whole. */
    public void onRequestEnd(@Nullable Fields trailers) {
        for (int i = 0; i < copies.size(); i++) {
            copies.get(i).onRequestEnd(trailers);
        }
    }

    /** No more of the original's request in this batch of reads. */
    public void flush() {
        for (int i = 0; i < copies.size(); i++) {
            copies.get(i).flush();
        }
    }

    /** The head of the original's answer as the backend sent it, before anything is changed for the client. */
    public void onAnswerHead(ResponseHead head) {
        for (int i = 0; i < pairings.size(); i++) {
            pairings.get(i).primary().onHead(head);
        }
    }

    /** Content of the original's answer. */
    public void onAnswerBody(ByteBuf buffer, int index, int length) {
        for (int i = 0; i < pairings.size(); i++) {
            pairings.get(i).primary().onBody(buffer, index, length);
        }
    }

    /** The original has been answered whole. */
    public void onAnswerEnd(long totalMicros) {
        answeredWhole = true;
        for (int i = 0; i < meters.size(); i++) {
            meters.get(i).onPrimary(totalMicros);
        }
    }

    /** The original is over, well or not. Copies whose request is whole live on. */
    public void onOver() {
        for (int i = 0; i < copies.size(); i++) {
            copies.get(i).onOriginalOver();
        }
        for (int i = 0; i < pairings.size(); i++) {
            Pairing pairing = pairings.get(i);
            if (answeredWhole) {
                pairing.onWhole(pairing.primary());
            } else {
                pairing.onMissing(MirrorUnpaired.PRIMARY_MISSING);
            }
        }
        copies.clear();
        pairings.clear();
        meters.clear();
        answeredWhole = false;
        loop.giveBack(this);
    }
}
