package io.turnout.admin;

import io.turnout.adminapi.EndpointStatus;
import io.turnout.adminapi.OverrideStatus;
import io.turnout.adminapi.PoolStatus;
import io.turnout.adminapi.Problem;
import io.turnout.adminapi.RouteStatus;
import io.turnout.adminapi.Status;
import io.turnout.adminapi.VariantStatus;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A page that shows where the traffic goes, for a browser and without anything but itself: no script, no image, nothing
 * from elsewhere, and a policy that forbids them. It only shows; changes are made by API and command line. Stateless.
 */
final class StatusPage {
    private static final String STYLE = """
            :root{color-scheme:light dark}
            body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:60rem;padding:1rem}
            table{border-collapse:collapse;width:100%;margin:.5rem 0 1.5rem}
            th,td{text-align:left;padding:.25rem .75rem .25rem 0;border-bottom:1px solid #8886}
            td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
            .note{border-left:.25rem solid #c80;padding:.25rem .75rem}
            .bad{border-left:.25rem solid #c22;padding:.25rem .75rem}
            """;

    private static final Map<String, String> FIELDS = Map.of(
            "Content-Security-Policy",
            "default-src 'none'; style-src 'sha256-" + sha256(STYLE)
                    + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            "Referrer-Policy",
            "no-referrer",
            "X-Frame-Options",
            "DENY");

    private StatusPage() {}

    static Answer of(Status status) {
        StringBuilder body = new StringBuilder();
        body.append("<p>Generation ").append(status.generation());
        body.append(", in force from <code>")
                .append(text(status.config().source()))
                .append("</code>");
        body.append(", up since ").append(text(status.startedAt().toString())).append("</p>");
        if (!status.config().lastReload().ok()) {
            body.append("<div class=bad>The last reload was refused; what was in force before still is.");
            status.config().lastReload().problems().forEach(problem -> problem(problem, body));
            body.append("</div>");
        }
        status.routes().forEach(route -> route(route, body));
        body.append("<h2>Pools</h2>");
        status.pools().forEach(pool -> pool(pool, body));
        return page("<meta http-equiv=refresh content=5>", body);
    }

    /** What somebody without a token sees where tokens are asked for. */
    static Answer withoutToken() {
        return page(
                "",
                new StringBuilder(
                        "<p>This listener asks for a token. Try <code>turnout status --token-file FILE</code>.</p>"));
    }

    private static void problem(Problem problem, StringBuilder to) {
        to.append("<br>").append(text(problem.text()));
    }

    private static void route(RouteStatus route, StringBuilder to) {
        to.append("<h2>Route ").append(text(route.name())).append("</h2>");
        OverrideStatus override = route.override();
        if (override != null) {
            to.append("<div class=note>An override by ").append(text(override.actor()));
            to.append(" since ").append(text(override.time().toString()));
            to.append(override.reason() == null ? "" : ": " + text(override.reason()));
            to.append(". The file says ").append(text(route.desiredWeights().toString()));
            to.append(override.drift() ? " and has changed since." : ".").append("</div>");
        }
        to.append("<table><tr><th>Pool<th class=n>Weight<th class=n>Share<th class=n>Requests<th class=n>Per second");
        to.append("<th class=n>Errors<th class=n>p50 ms<th class=n>p99 ms</tr>");
        for (VariantStatus variant : route.variants()) {
            to.append("<tr><td>").append(text(variant.pool()));
            number(Integer.toString(variant.weight()), to);
            number(String.format(Locale.ROOT, "%.2f %%", 100 * variant.share()), to);
            number(Long.toString(variant.requests()), to);
            number(String.format(Locale.ROOT, "%.1f", variant.requestsPerSecond()), to);
            number(Long.toString(variant.errors()), to);
            number(millis(variant.latency().p50()), to);
            number(millis(variant.latency().p99()), to);
            to.append("</tr>");
        }
        to.append("</table>");
    }

    private static String millis(@Nullable Double millis) {
        return millis == null ? "-" : String.format(Locale.ROOT, "%.1f", millis);
    }

    private static void pool(PoolStatus pool, StringBuilder to) {
        to.append("<h3>").append(text(pool.name())).append("</h3><table><tr><th>Endpoint<th>State");
        to.append("<th class=n>Connections<th class=n>Running<th class=n>Requests<th class=n>Failures</tr>");
        for (EndpointStatus endpoint : pool.endpoints()) {
            to.append("<tr><td>").append(text(endpoint.address()));
            to.append("<td>").append(text(endpoint.admin()));
            to.append(endpoint.resolved() == null ? ", not resolved" : "");
            number(Long.toString(endpoint.connections()), to);
            number(Long.toString(endpoint.active()), to);
            number(Long.toString(endpoint.requests()), to);
            number(Long.toString(endpoint.failures()), to);
            to.append("</tr>");
        }
        to.append("</table>");
    }

    private static void number(String text, StringBuilder to) {
        to.append("<td class=n>").append(text);
    }

    private static Answer page(String head, StringBuilder body) {
        String html = "<!doctype html><html lang=en><meta charset=utf-8><title>Turnout</title>"
                + "<meta name=viewport content=\"width=device-width\">" + head + "<style>" + STYLE
                + "</style><h1>Turnout</h1>" + body + "</html>";
        return new Answer(200, "text/html; charset=utf-8", Body.of(html), FIELDS);
    }

    /** Names come from files and callers: nothing in them may become markup. */
    static String text(String raw) {
        var escaped = new StringBuilder(raw.length());
        raw.chars().forEach(c -> {
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.append((char) c);
            }
        });
        return escaped.toString();
    }

    private static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
