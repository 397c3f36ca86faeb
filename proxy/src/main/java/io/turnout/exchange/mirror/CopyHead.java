package io.turnout.exchange.mirror;

import io.turnout.http.Fields;
import io.turnout.http.ForwardingRules;
import io.turnout.http.KnownField;
import io.turnout.http.Method;
import io.turnout.http.RequestHead;
import io.turnout.snapshot.MirrorPlan.Shaping;

/** Which heads are copied, and how a copy's head differs from its original's. Stateless. */
final class CopyHead {
    private CopyHead() {}

    /**
     * Whether a request can be copied at all. A tunnel cannot, and a client that waits for a 100 before it sends its body
     * waits for one server, not for two.
     */
    static boolean isCopyable(RequestHead head) {
        Fields fields = head.fields();
        return head.method() != Method.CONNECT
                && !head.expectsContinue()
                && !fields.has(KnownField.EXPECT)
                && !fields.has(KnownField.UPGRADE)
                && !fields.has(KnownField.TURNOUT_MIRROR);
    }

    static boolean isSafe(RequestHead head) {
        return switch (head.method()) {
            case GET, HEAD, OPTIONS -> true;
            case TRACE, PUT, DELETE, POST, PATCH, CONNECT, OTHER -> false;
        };
    }

    /** Fills the copy from the original as the client sent it, before what is changed for the original's own pool. */
    static void shape(RequestHead copy, RequestHead original, Shaping shaping, ChildTrace trace) {
        copy.copyFrom(original);
        Fields fields = copy.fields();
        ForwardingRules.dropHopByHop(fields);
        if (shaping.dropCredentials()) {
            fields.drop(KnownField.AUTHORIZATION);
            fields.drop(KnownField.COOKIE);
        }
        trace.continueIn(fields);
        if (!shaping.body()) {
            copy.dropBody();
        }
        shaping.edits().applyTo(fields);
        fields.drop(KnownField.TURNOUT_MIRROR);
        fields.add(shaping.mark());
        String prefix = shaping.pathPrefix();
        if (prefix != null) {
            copy.rewritePrefix(shaping.matchedPrefixLength(), prefix);
        }
        String authority = shaping.authority();
        if (authority != null) {
            copy.rewriteAuthority(authority);
        }
    }
}
