package io.turnout.exchange;

import io.turnout.snapshot.RoutePlan;

/** The cookie in which a visitor keeps the id Turnout minted. Stateless. */
final class VisitorCookie {
    /** A year: the side a user is on should outlast every rollout. */
    private static final int MAX_AGE_SECONDS = 365 * 24 * 3600;

    private VisitorCookie() {}

    /** Path is the whole site, or the cookie would stick to the first page's folder only (RFC 6265 section 5.1.4). */
    static String of(RoutePlan route, String visitor, Downstream client) {
        // A cookie that came by TLS must not go over plain text (RFC 6265 section 4.1.2.5).
        String secure = client.isSecure() ? "; Secure" : "";
        return route.visitorCookie() + "=" + visitor + "; Path=/; Max-Age=" + MAX_AGE_SECONDS
                + "; HttpOnly; SameSite=Lax" + secure;
    }
}
