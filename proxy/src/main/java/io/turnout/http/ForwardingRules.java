package io.turnout.http;

import org.jspecify.annotations.Nullable;

/**
 * What a proxy takes out of a head before passing it on (RFC 9110 section 7.6). Stateless.
 *
 * <p>What it puts in is written by the emitter of each HTTP version.
 */
public final class ForwardingRules {
    private static final long HOP_BY_HOP = KnownField.CONNECTION.bit()
            | KnownField.KEEP_ALIVE.bit()
            | KnownField.PROXY_CONNECTION.bit()
            | KnownField.TE.bit()
            | KnownField.TRANSFER_ENCODING.bit()
            | KnownField.UPGRADE.bit()
            | KnownField.HTTP2_SETTINGS.bit();

    private static final long FORWARDED = KnownField.FORWARDED.bit()
            | KnownField.X_FORWARDED_FOR.bit()
            | KnownField.X_FORWARDED_PROTO.bit()
            | KnownField.X_FORWARDED_HOST.bit()
            | KnownField.X_FORWARDED_PORT.bit()
            | KnownField.X_FORWARDED_PREFIX.bit()
            | KnownField.X_FORWARDED_SCHEME.bit()
            | KnownField.X_FORWARDED_SERVER.bit()
            | KnownField.X_FORWARDED_SSL.bit()
            | KnownField.X_REAL_IP.bit()
            | KnownField.X_REQUEST_ID.bit()
            | KnownField.X_FORWARDED_CLIENT_CERT.bit()
            | KnownField.CLIENT_CERT.bit()
            | KnownField.CLIENT_CERT_CHAIN.bit();

    private static final long CLIENT_CERTIFICATE = KnownField.X_FORWARDED_CLIENT_CERT.bit()
            | KnownField.CLIENT_CERT.bit()
            | KnownField.CLIENT_CERT_CHAIN.bit();

    /** What {@code Connection} may name in vain: taking these away would change meaning, identity or framing. */
    private static final long PROTECTED = FORWARDED
            | KnownField.HOST.bit()
            | KnownField.CONTENT_LENGTH.bit()
            | KnownField.CONTENT_TYPE.bit()
            | KnownField.AUTHORIZATION.bit()
            | KnownField.COOKIE.bit()
            | KnownField.SET_COOKIE.bit()
            | KnownField.EXPECT.bit()
            | KnownField.DATE.bit()
            | KnownField.VIA.bit()
            | KnownField.TURNOUT_MIRROR.bit();

    private static final KnownField[] KNOWN = KnownField.values();

    private ForwardingRules() {}

    /** Drops what concerns only the connection the message came on. */
    public static void dropHopByHop(Fields fields) {
        if (!fields.hasAny(HOP_BY_HOP)) {
            return;
        }
        if (fields.has(KnownField.CONNECTION)) {
            FieldList.forEach(fields, KnownField.CONNECTION, (bytes, start, end) -> {
                dropNamed(fields, start, end);
                return true;
            });
        }
        dropAll(fields, HOP_BY_HOP);
    }

    /** Drops what claims to say where a request came from and what it is called; only a trusted peer is believed. */
    public static void dropForwarded(Fields fields) {
        if (fields.hasAny(FORWARDED)) {
            dropAll(fields, FORWARDED);
        }
    }

    /**
     * Counts a request's {@code Max-Forwards} down by one (RFC 9110 section 7.6.2); one that is not a number is left to
     * whoever understands it.
     *
     * @return whether it is used up, so that the request may go no further
     */
    public static boolean countForwards(Fields fields) {
        int index = fields.find(KnownField.MAX_FORWARDS);
        long left = index < 0 ? -1 : RequestRules.contentLength(fields, index);
        if (left > 0) {
            fields.drop(KnownField.MAX_FORWARDS);
            fields.add("Max-Forwards", Long.toString(left - 1));
        }
        return left == 0;
    }

    /** Drops what an answer without a body must not say about one (RFC 9110 section 8.6). */
    public static void dropLengthOfNothing(ResponseHead answer) {
        if (answer.status() < 200 || answer.status() == 204) {
            answer.fields().drop(KnownField.CONTENT_LENGTH);
        }
    }

    /** Drops what claims to say who a client has proved to be; for connections on which we know better. */
    public static void dropClientCertificate(Fields fields) {
        if (fields.hasAny(CLIENT_CERTIFICATE)) {
            dropAll(fields, CLIENT_CERTIFICATE);
        }
    }

    private static void dropAll(Fields fields, long mask) {
        for (KnownField field : KNOWN) {
            if ((mask & field.bit()) != 0) {
                fields.drop(field);
            }
        }
    }

    private static void dropNamed(Fields fields, int start, int end) {
        @Nullable KnownField named = KnownField.of(fields.bytes(), start, end);
        if (named != null) {
            if ((PROTECTED & named.bit()) == 0 && named != KnownField.CONNECTION) {
                fields.drop(named);
            }
            return;
        }
        for (int i = 0; i < fields.count(); i++) {
            if (!fields.isDropped(i)
                    && Octets.equalsIgnoreCase(
                            fields.bytes(), fields.nameStart(i), fields.nameEnd(i), fields.bytes(), start, end)) {
                fields.drop(i);
            }
        }
    }
}
