package io.turnout.http;

import java.util.Map.Entry;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Turns a decoded HTTP/2 field section into a request head, as strictly as {@link H1RequestParser} reads text: the
 * request may go on as HTTP/1, and whatever two readers could understand differently ends here.
 *
 * <p>Holds no state between calls but the reason of the last refusal; one per event loop or connection.
 */
public final class H2RequestReader {
    /** What became of a field section. */
    public enum Verdict {
        /** A head that may be forwarded. */
        ACCEPTED,
        /** Malformed in the sense of RFC 9113 section 8.1.1: a stream error of type PROTOCOL_ERROR. */
        MALFORMED,
        /** Well formed, but not to be served: {@link #refusal()} has the answer. */
        REFUSED
    }

    private final RequestTarget target = new RequestTarget();
    private Refusal refusal = Refusal.TARGET;

    private @Nullable CharSequence method;
    private @Nullable CharSequence scheme;
    private @Nullable CharSequence path;
    private @Nullable CharSequence authority;
    private @Nullable CharSequence protocol;

    /** Why the last call answered {@link Verdict#REFUSED}. */
    public Refusal refusal() {
        return refusal;
    }

    /**
     * Reads the field section that opens a stream.
     *
     * @param section names and values in the order they came
     * @param complete whether no content follows
     * @param head empty; the caller's whatever the verdict
     */
    public Verdict read(
            Iterable<? extends Entry<CharSequence, CharSequence>> section,
            boolean complete,
            RequestHead head,
            HeadLimits limits) {
        method = null;
        scheme = null;
        path = null;
        authority = null;
        protocol = null;
        head.overHttp2 = true;
        head.encodedSlashes = limits.encodedSlashes();
        try {
            Verdict verdict = lines(section, head, limits);
            if (verdict == Verdict.ACCEPTED) {
                verdict = control(head, limits);
            }
            if (verdict == Verdict.ACCEPTED) {
                joinCookies(head.fields());
                verdict = rules(head, complete);
            }
            if (verdict == Verdict.ACCEPTED && protocol != null) {
                verdict = tunnel(head, complete);
            }
            return verdict;
        } finally {
            method = null;
            scheme = null;
            path = null;
            authority = null;
            protocol = null;
        }
    }

    private Verdict lines(
            Iterable<? extends Entry<CharSequence, CharSequence>> section, RequestHead head, HeadLimits limits) {
        Fields fields = head.fields();
        for (Entry<CharSequence, CharSequence> line : section) {
            CharSequence name = line.getKey();
            if (name.length() > 0 && name.charAt(0) == ':') {
                // RFC 9113 section 8.3: before the regular fields, and none but those that are defined.
                if (fields.count() > 0 || !pseudo(name, line.getValue())) {
                    return Verdict.MALFORMED;
                }
                continue;
            }
            if (fields.count() == limits.fields()) {
                return refuse(Refusal.TOO_MANY_FIELDS);
            }
            if (!H2Fields.add(fields, name, line.getValue()) || H2Fields.isConnectionSpecific(fields)) {
                return Verdict.MALFORMED;
            }
            if (fields.filled > limits.headBytes()) {
                return refuse(Refusal.HEAD_TOO_LARGE);
            }
        }
        return Verdict.ACCEPTED;
    }

    /** Keeps a pseudo-header field; each at most once (RFC 9113 section 8.3.1). */
    private boolean pseudo(CharSequence name, CharSequence value) {
        if (!H2Fields.isValue(value)) {
            return false;
        }
        if (same(name, ":method") && method == null) {
            method = value;
        } else if (same(name, ":scheme") && scheme == null) {
            scheme = value;
        } else if (same(name, ":path") && path == null) {
            path = value;
        } else if (same(name, ":authority") && authority == null) {
            authority = value;
        } else if (same(name, ":protocol") && protocol == null) {
            protocol = value;
        } else {
            return false;
        }
        return true;
    }

    private static boolean same(CharSequence a, String b) {
        return b.contentEquals(a);
    }

    /** Method, target and authority. */
    private Verdict control(RequestHead head, HeadLimits limits) {
        Fields fields = head.fields();
        CharSequence verb = method;
        if (verb == null) {
            return Verdict.MALFORMED;
        }
        head.methodStart = H2Fields.append(fields, verb);
        head.methodEnd = fields.filled;
        if (!Octets.isToken(fields.bytes, head.methodStart, head.methodEnd)) {
            return Verdict.MALFORMED;
        }
        head.method = Method.of(fields.bytes, head.methodStart, head.methodEnd);
        if (head.method == Method.CONNECT && protocol == null) {
            // RFC 9113 section 8.5: only the authority; a gateway opens no tunnels to wherever it is told.
            return authority == null || scheme != null || path != null
                    ? Verdict.MALFORMED
                    : refuse(Refusal.CONNECT_UNSUPPORTED);
        }
        if (protocol != null) {
            if (head.method != Method.CONNECT || authority == null) {
                return Verdict.MALFORMED;
            }
            // RFC 8441 section 5: what a GET with Upgrade is in HTTP/1, and that to routes and backends from here on.
            head.methodStart = H2Fields.append(fields, Method.GET.name());
            head.methodEnd = fields.filled;
            head.method = Method.GET;
        }
        CharSequence asked = path;
        if (asked == null || asked.length() == 0 || scheme == null || !isHttp(scheme)) {
            return Verdict.MALFORMED;
        }
        if (asked.length() > limits.startLineBytes()) {
            return refuse(Refusal.REQUEST_LINE_TOO_LONG);
        }
        boolean asterisk = asked.length() == 1 && asked.charAt(0) == '*';
        if (asked.charAt(0) != '/' && !(asterisk && head.method == Method.OPTIONS)) {
            return Verdict.MALFORMED;
        }
        int start = H2Fields.append(fields, asked);
        Refusal problem = target.parse(head, start, fields.filled);
        if (problem != null) {
            return refuse(problem);
        }
        return host(head);
    }

    private static boolean isHttp(CharSequence scheme) {
        return same(scheme, "http") || same(scheme, "https");
    }

    /** RFC 9113 section 8.3.1: the authority is the host, and a Host beside it must not say otherwise. */
    private Verdict host(RequestHead head) {
        Fields fields = head.fields();
        CharSequence named = authority;
        if (named == null) {
            Refusal problem = RequestRules.host(head);
            return problem == null ? Verdict.ACCEPTED : refuse(problem);
        }
        int start = H2Fields.append(fields, named);
        int end = fields.filled;
        if (RequestRules.authority(head, start, end) != null) {
            return Verdict.MALFORMED;
        }
        head.absoluteForm = true;
        for (int i = fields.find(KnownField.HOST); i >= 0; i = fields.findFrom(KnownField.HOST, i + 1)) {
            if (!Octets.equalsIgnoreCase(
                    fields.bytes, fields.valueStart(i), fields.valueEnd(i), fields.bytes, start, end)) {
                return Verdict.MALFORMED;
            }
        }
        fields.drop(KnownField.HOST);
        return Verdict.ACCEPTED;
    }

    /** RFC 9113 section 8.2.3: what HTTP/2 may split for the sake of compression is one field elsewhere. */
    private static void joinCookies(Fields fields) {
        int first = fields.find(KnownField.COOKIE);
        if (first < 0 || fields.findFrom(KnownField.COOKIE, first + 1) < 0) {
            return;
        }
        StringBuilder joined = new StringBuilder();
        for (int i = first; i >= 0; i = fields.findFrom(KnownField.COOKIE, i + 1)) {
            joined.append(joined.length() == 0 ? "" : "; ").append(fields.value(i));
        }
        fields.drop(KnownField.COOKIE);
        fields.add("cookie", joined);
    }

    private Verdict rules(RequestHead head, boolean complete) {
        Fields fields = head.fields();
        int length = fields.find(KnownField.CONTENT_LENGTH);
        if (length >= 0) {
            long octets = RequestRules.contentLength(fields, length);
            if (octets < 0 || fields.findFrom(KnownField.CONTENT_LENGTH, length + 1) >= 0 || (complete && octets > 0)) {
                return Verdict.MALFORMED;
            }
            head.contentLength = octets;
        }
        if (complete) {
            head.framing = Framing.NONE;
        } else {
            head.framing = length >= 0 ? Framing.LENGTH : Framing.STREAM;
        }
        Refusal problem = RequestRules.connection(head);
        return problem == null ? Verdict.ACCEPTED : refuse(problem);
    }

    /** What an extended CONNECT asks for (RFC 8441 section 4); its stream is the tunnel and has no content. */
    private Verdict tunnel(RequestHead head, boolean complete) {
        if (complete || head.fields().has(KnownField.CONTENT_LENGTH)) {
            return Verdict.MALFORMED;
        }
        if (!same(Objects.requireNonNull(protocol), WebSocketHandshake.PROTOCOL)) {
            return refuse(Refusal.CONNECT_PROTOCOL);
        }
        head.framing = Framing.NONE;
        head.upgrade = WebSocketHandshake.PROTOCOL;
        return Verdict.ACCEPTED;
    }

    /**
     * Reads the field section that ends a stream's content (RFC 9113 section 8.1).
     *
     * @param trailers empty; holds what may be passed on afterwards
     * @return whether it is well formed
     */
    public static boolean readTrailers(
            Iterable<? extends Entry<CharSequence, CharSequence>> section, Fields trailers, HeadLimits limits) {
        for (Entry<CharSequence, CharSequence> line : section) {
            if (trailers.count() == limits.fields()
                    || !H2Fields.add(trailers, line.getKey(), line.getValue())
                    || H2Fields.isConnectionSpecific(trailers)
                    || trailers.filled > limits.headBytes()) {
                return false;
            }
        }
        TrailerRules.dropForbidden(trailers);
        return true;
    }

    private Verdict refuse(Refusal reason) {
        refusal = reason;
        return Verdict.REFUSED;
    }
}
