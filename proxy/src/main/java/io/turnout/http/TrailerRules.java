package io.turnout.http;

import java.util.Locale;
import java.util.Set;

/** Which fields may come after a body (RFC 9110 section 6.5.1). Stateless. */
final class TrailerRules {
    /** Names beyond {@link KnownField} whose meaning belongs in a head: control, conditions, authentication, format. */
    private static final Set<String> FORBIDDEN = Set.of(
            "age",
            "cache-control",
            "content-encoding",
            "content-range",
            "expires",
            "if-match",
            "if-modified-since",
            "if-none-match",
            "if-range",
            "if-unmodified-since",
            "location",
            "pragma",
            "proxy-authenticate",
            "proxy-authorization",
            "range",
            "retry-after",
            "vary",
            "warning",
            "www-authenticate");

    private TrailerRules() {}

    /** Drops what must never be taken from a trailer section: every field we act on, and those of the list above. Answers how many. */
    static int dropForbidden(Fields trailers) {
        int dropped = 0;
        for (int i = 0; i < trailers.count(); i++) {
            if (trailers.known(i) != null || FORBIDDEN.contains(trailers.name(i).toLowerCase(Locale.ROOT))) {
                trailers.drop(i);
                dropped++;
            }
        }
        return dropped;
    }
}
