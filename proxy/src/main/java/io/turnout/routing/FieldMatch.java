package io.turnout.routing;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One wanted header, cookie or query parameter. Immutable. */
public record FieldMatch(Place place, String name, ValueMatch value) {
    /** Where the field is looked for. */
    public enum Place {
        /** A header field; names have no case. */
        HEADER("header"),
        /** A cookie; counts as a header match in precedence. */
        COOKIE("cookie"),
        /** A query parameter, compared after decoding. */
        QUERY("query parameter"),
        /** A part of the client's verified certificate, named by {@link CertificatePart}; counts as a header match. */
        CERTIFICATE("client certificate");

        private final String label;

        Place(String label) {
            this.label = label;
        }
    }

    public FieldMatch {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a match by " + place.label + " needs a name");
        }
        name = place == Place.HEADER ? Octets.lowerCase(name) : Octets.of(name);
    }

    /** Allocates only when a regular expression is reached. */
    boolean matches(RequestView request) {
        return switch (place) {
            case HEADER -> matchesHeader(request.header(name));
            case COOKIE -> matchesCookie(request.header(KeySource.COOKIE_HEADER));
            case QUERY -> matchesQuery(request.query());
            case CERTIFICATE -> matchesCertificate(request.clientCertificate(part()));
        };
    }

    private boolean matchesHeader(@Nullable CharSequence found) {
        return found != null && value.matches(found, 0, found.length());
    }

    private boolean matchesCookie(@Nullable CharSequence field) {
        if (field == null) {
            return false;
        }
        long region = CookieText.find(field, name);
        return region != Region.NONE && value.matches(field, Region.from(region), Region.to(region));
    }

    private boolean matchesQuery(CharSequence query) {
        long region = QueryText.find(query, name);
        if (region == Region.NONE) {
            return false;
        }
        if (value instanceof ValueMatch.Exact exact) {
            return QueryText.decodesTo(query, Region.from(region), Region.to(region), exact.value());
        }
        if (value instanceof ValueMatch.Present) {
            return true;
        }
        String decoded = QueryText.decode(query, Region.from(region), Region.to(region));
        return value.matches(decoded, 0, decoded.length());
    }

    private CertificatePart part() {
        return CertificatePart.valueOf(name);
    }

    private boolean matchesCertificate(List<String> found) {
        for (int i = 0; i < found.size(); i++) {
            String one = found.get(i);
            if (value.matches(one, 0, one.length())) {
                return true;
            }
        }
        return false;
    }

    /** What the request has in this field, and what was wanted, in words. */
    String mismatch(RequestView request) {
        String found = switch (place) {
            case HEADER -> RequestText.header(request, name);
            case COOKIE -> RequestText.cookie(request, name);
            case QUERY -> RequestText.query(request, name);
            case CERTIFICATE -> {
                List<String> values = request.clientCertificate(part());
                yield values.isEmpty() ? null : String.join(", ", values);
            }
        };
        return place.label + ' ' + name + (found == null ? " is missing" : " is \"" + found + '"') + ", wanted "
                + value;
    }
}
