package io.turnout.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.turnout.http.Framing;
import io.turnout.http.HeadPool;
import io.turnout.http.Method;
import io.turnout.http.RequestHead;
import io.turnout.http.ResponseHead;
import io.turnout.http.Status;
import java.nio.charset.StandardCharsets;

/**
 * An answer Turnout gives itself because nobody else can. Tells the client what is wrong in one line, and nothing about
 * the inside; {@code Proxy-Status} (RFC 9209) names the kind of failure.
 */
public final class OwnAnswer {
    private OwnAnswer() {}

    /** What an answer looks like to the request it is for. */
    public enum Body {
        /** With a line of text. */
        SENT,
        /** With the length of that line only (RFC 9110 section 9.3.2). */
        OMITTED,
        /** As a status of gRPC, in a head that is the whole answer. */
        GRPC;

        /** What the request wants. */
        public static Body of(RequestHead request) {
            if (request.method() == Method.HEAD) {
                return OMITTED;
            }
            return Grpc.isCall(request.fields()) ? GRPC : SENT;
        }
    }

    /**
     * Sends a whole answer.
     *
     * @param error type of RFC 9209 section 2.3, or empty for none
     * @param text one line for people, safe to show
     */
    public static void send(Downstream to, HeadPool heads, int status, String error, String text, Body body) {
        if (body == Body.GRPC) {
            sendStatus(to, heads, status, error, text);
            return;
        }
        byte[] content = (status + " " + Status.reason(status) + ": " + text + "\n").getBytes(StandardCharsets.UTF_8);
        ResponseHead head = heads.borrowResponse();
        head.begin(status, body == Body.SENT ? Framing.LENGTH : Framing.NONE, content.length);
        head.fields().add("Content-Type", "text/plain; charset=utf-8");
        head.fields().add("Content-Length", Integer.toString(content.length));
        head.fields().add("Cache-Control", "no-store");
        if (!error.isEmpty()) {
            head.fields().add("Proxy-Status", "turnout; error=" + error);
        }
        if (status == 405 || status == 200) {
            head.fields().add("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
        }
        if (status == 503) {
            head.fields().add("Retry-After", "1");
        }
        to.sendHead(head);
        heads.giveBack(head);
        if (body == Body.SENT) {
            ByteBuf buffer = Unpooled.wrappedBuffer(content);
            to.sendBody(buffer, 0, content.length);
            buffer.release();
        }
        to.sendEnd(null);
    }

    private static void sendStatus(Downstream to, HeadPool heads, int status, String error, String text) {
        ResponseHead head = heads.borrowResponse();
        head.begin(200, Framing.NONE, -1);
        head.fields().add("Content-Type", "application/grpc");
        head.fields().add("grpc-status", Integer.toString(Grpc.codeFor(status)));
        head.fields().add("grpc-message", Grpc.message(text));
        if (!error.isEmpty()) {
            head.fields().add("Proxy-Status", "turnout; error=" + error);
        }
        to.sendHead(head);
        heads.giveBack(head);
        to.sendEnd(null);
    }
}
