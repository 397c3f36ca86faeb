package io.turnout.config;

import io.turnout.config.shape.Key;
import io.turnout.config.shape.ListShape;
import io.turnout.config.shape.MapShape;
import io.turnout.config.shape.RecordShape;
import io.turnout.config.shape.RegexShape;
import io.turnout.config.shape.ScalarOr;
import io.turnout.config.shape.ScalarShape;
import io.turnout.config.shape.ScalarShape.Family;
import io.turnout.config.shape.ScalarShape.Words;
import io.turnout.config.shape.Scalars;
import io.turnout.config.shape.Shape;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Conditions on requests and answers. */
final class MatchShapes {
    private static final Shape<String> REGEX = new RegexShape();

    static final RecordShape<PathMatch> PATH = path();
    static final Shape<ValueMatch> VALUE = value();
    private static final Shape<Map<RequestMatch.CertificatePart, ValueMatch>> CERTIFICATE = certificate();
    static final RecordShape<RequestMatch> REQUEST = request();

    private MatchShapes() {}

    private static RecordShape<PathMatch> path() {
        RecordShape.Draft<PathMatch> r = RecordShape.draft(
                "path", "A condition on the path, after normalisation and without the query. Exactly one of its keys.");
        var exact = r.key("exact", TextShapes.PATH, p -> p instanceof PathMatch.Exact e ? e.path() : null)
                .optional()
                .doc("The whole path.");
        var prefix = r.key("prefix", TextShapes.PATH, p -> p instanceof PathMatch.Prefix e ? e.path() : null)
                .optional()
                .doc("The path itself or what lies below it: `/shop` takes `/shop/cart` but not `/shopping`.");
        var regex = r.key("regex", REGEX, p -> p instanceof PathMatch.Regex e ? e.pattern() : null)
                .optional()
                .doc("The whole path against an expression that runs in linear time.");
        return r.exactlyOneOf(List.of(exact, prefix, regex)).makes(v -> {
            if (v.isWritten(exact)) {
                return new PathMatch.Exact(v.of(exact));
            }
            return v.isWritten(prefix) ? new PathMatch.Prefix(v.of(prefix)) : new PathMatch.Regex(v.of(regex));
        });
    }

    private static Shape<ValueMatch> value() {
        ScalarShape<ValueMatch> exact = ScalarShape.of(
                Family.TEXT,
                new Words("the value as text", "text"),
                Map.of("type", "string"),
                ValueMatch.Exact::new,
                value -> ((ValueMatch.Exact) value).value());
        RecordShape.Draft<ValueMatch> r = RecordShape.draft(
                "value",
                "A condition on a value that is not simply its text: `x-canary: always` takes that text,"
                        + " `x-canary: {regex: \"a.*\"}` more. Exactly one of its keys.");
        var regex = r.key("regex", REGEX, m -> m instanceof ValueMatch.Regex e ? e.pattern() : null)
                .optional()
                .doc("The whole value against an expression that runs in linear time.");
        var present = r.key("present", Scalars.mark(), m -> m instanceof ValueMatch.Present ? true : null)
                .optional()
                .doc("Any value.");
        Shape<ValueMatch> mapping = r.exactlyOneOf(List.of(regex, present))
                .makes(v -> v.isWritten(regex) ? new ValueMatch.Regex(v.of(regex)) : new ValueMatch.Present());
        return new ScalarOr<>(exact, mapping, m -> m instanceof ValueMatch.Exact);
    }

    private static Shape<Map<RequestMatch.CertificatePart, ValueMatch>> certificate() {
        RecordShape.Draft<Map<RequestMatch.CertificatePart, ValueMatch>> r = RecordShape.draft(
                "clientCertificate",
                "A condition on a verified client certificate. All keys that are written must hold; of several names of"
                        + " a kind one must.");
        var subject = part(r, RequestMatch.CertificatePart.SUBJECT, "subject")
                .doc("The distinguished name as in RFC 2253: `CN=shop,O=Example`.");
        var dns = part(r, RequestMatch.CertificatePart.DNS, "dns").doc("A DNS name.");
        var uri = part(r, RequestMatch.CertificatePart.URI, "uri").doc("A URI, such as a SPIFFE id.");
        var email = part(r, RequestMatch.CertificatePart.EMAIL, "email").doc("A mail address.");
        var fingerprint = part(r, RequestMatch.CertificatePart.FINGERPRINT, "fingerprint")
                .doc("SHA-256 of the certificate in lower-case hexadecimal digits.");
        return r.makes(v -> {
            var parts = new EnumMap<RequestMatch.CertificatePart, ValueMatch>(RequestMatch.CertificatePart.class);
            put(parts, RequestMatch.CertificatePart.SUBJECT, v.orNull(subject));
            put(parts, RequestMatch.CertificatePart.DNS, v.orNull(dns));
            put(parts, RequestMatch.CertificatePart.URI, v.orNull(uri));
            put(parts, RequestMatch.CertificatePart.EMAIL, v.orNull(email));
            put(parts, RequestMatch.CertificatePart.FINGERPRINT, v.orNull(fingerprint));
            return parts;
        });
    }

    private static Key.Draft<Map<RequestMatch.CertificatePart, ValueMatch>, ValueMatch> part(
            RecordShape.Draft<Map<RequestMatch.CertificatePart, ValueMatch>> draft,
            RequestMatch.CertificatePart part,
            String key) {
        return draft.key(key, VALUE, parts -> parts.get(part)).optional();
    }

    private static void put(
            Map<RequestMatch.CertificatePart, ValueMatch> parts,
            RequestMatch.CertificatePart part,
            @Nullable ValueMatch value) {
        if (value != null) {
            parts.put(part, value);
        }
    }

    private static RecordShape<RequestMatch> request() {
        RecordShape.Draft<RequestMatch> r =
                RecordShape.draft("match", "A condition on a request's head. All keys that are written must hold.");
        var host = r.key("host", ListShape.of(TextShapes.HOST).orOne().distinct(), RequestMatch::hosts)
                .byDefaultList()
                .doc("Hosts, one of which is asked for; `*.example.com` takes any name below. None for any host.");
        var path = r.key("path", PATH, RequestMatch::path).optional().doc("Which paths; absent for all.");
        var method = r.key("method", ListShape.of(TextShapes.METHOD).orOne().distinct(), RequestMatch::methods)
                .byDefaultList()
                .doc("Methods, one of which is used. None for any.");
        var header = r.key("header", MapShape.of(TextShapes.FIELD_NAME, VALUE), RequestMatch::headers)
                .byDefaultNone()
                .doc("Headers and what they must say.");
        var query = r.key("query", MapShape.of(Scalars.text(), VALUE), RequestMatch::query)
                .byDefaultNone()
                .doc("Query parameters and what they must say; of a repeated one the first counts.");
        var cookie = r.key("cookie", MapShape.of(TextShapes.TOKEN_TEXT, VALUE), RequestMatch::cookies)
                .byDefaultNone()
                .doc("Cookies and what they must say; of a repeated one the first counts.");
        var clientCertificate = r.key("clientCertificate", CERTIFICATE, RequestMatch::clientCertificate)
                .byDefaultNone()
                .doc(
                        "What the certificate must say that the client has proved to own. Needs `clientCa` on the listener;"
                                + " without a certificate no such condition holds.");
        return r.makes(v -> new RequestMatch(
                v.of(host),
                v.orNull(path),
                v.of(method),
                v.of(header),
                v.of(query),
                v.of(cookie),
                v.of(clientCertificate)));
    }
}
