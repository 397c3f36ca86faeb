package io.turnout.admin;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.NetUtil;
import io.turnout.config.AdminConfig;
import io.turnout.config.HostPort;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides who is let in, before anything is looked up.
 *
 * <p>Three things are told apart: whom the request was meant for (Host), who made it (Origin, Sec-Fetch-Site) and who is
 * asking (token). Without the first, a page whose name is made to resolve to this machine could read and switch through
 * the browser of somebody here (DNS rebinding); without the second, any page could post (CSRF). There are no CORS
 * fields, so no page of another origin ever reads an answer. Safe for any thread.
 */
final class Doorkeeper {
    private static final String BEARER = "bearer ";

    private final Supplier<AdminConfig> access;

    Doorkeeper(Supplier<AdminConfig> access) {
        this.access = access;
    }

    /** How much a call lets its caller see or do. */
    enum Access {
        /** Says nothing worth hiding: neither host nor token is asked for, as probes know neither. */
        PROBE,
        /** Anybody whose request was meant for us. */
        PUBLIC,
        /** Those who may look. */
        VIEWER,
        /** Those who may change. */
        OPERATOR
    }

    /**
     * Who is asking.
     *
     * @param name of the token; null when none was shown
     * @param role null when a token is needed and none was shown
     */
    record Caller(@Nullable String name, AdminConfig.@Nullable Role role) {
        boolean mayLook() {
            return role != null;
        }
    }

    /** Let in, or not and why. */
    sealed interface Verdict {
        record Admitted(Caller caller) implements Verdict {}

        record Refused(Answer answer) implements Verdict {}
    }

    Verdict judge(AdminRequest request, Access wanted) {
        AdminConfig config = access.get();
        if (wanted != Access.PROBE) {
            Answer refusal = wrongHost(request, config);
            refusal = refusal == null ? foreignPage(request.fields(), wanted) : refusal;
            if (refusal != null) {
                return new Verdict.Refused(refusal);
            }
        }
        return callerFor(request.fields(), config, wanted);
    }

    private static @Nullable Answer wrongHost(AdminRequest request, AdminConfig config) {
        List<String> hosts = request.fields().getAll(HttpHeaderNames.HOST);
        if (hosts.size() != 1) {
            return ProblemKind.MALFORMED_REQUEST.answer(hosts.size() + " Host fields", "one Host field");
        }
        String host = name(hosts.get(0));
        if (host != null && isOurs(host, request, config)) {
            return null;
        }
        return ProblemKind.WRONG_HOST.answer(
                "the host \"" + Json.shown(hosts.get(0)) + "\"",
                "a loopback name, the address of this listener, or a name in admin.allowedHosts");
    }

    private static boolean isOurs(String host, AdminRequest request, AdminConfig config) {
        boolean configured =
                !config.address().isWildcard() && host.equals(config.address().host());
        if (configured || config.allowedHosts().contains(host)) {
            return true;
        }
        return new HostPort(host, 0).isLoopback()
                || isAddressAsked(host, request.local().getAddress());
    }

    /** A literal names no site whose owner could point it here: it is safe when it is where the connection went. */
    private static boolean isAddressAsked(String host, @Nullable InetAddress local) {
        byte[] literal = NetUtil.createByteArrayFromIpAddressString(host);
        return literal != null && local != null && Arrays.equals(literal, local.getAddress());
    }

    /** The host without its port and an IPv6 literal's brackets, lower case; null when it is no host at all. */
    private static @Nullable String name(String authority) {
        String text = authority.strip().toLowerCase(Locale.ROOT);
        boolean hasPort = text.indexOf(':', text.indexOf(']') + 1) >= 0;
        HostPort parsed = HostPort.parse(hasPort ? text : text + ":80");
        if (parsed == null) {
            return null;
        }
        String host = parsed.host();
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }

    private static @Nullable Answer foreignPage(HttpHeaders fields, Access wanted) {
        String site = fields.get("Sec-Fetch-Site");
        boolean own = site == null || site.equals("same-origin") || site.equals("none");
        if (!own && !(wanted == Access.PUBLIC && followsLink(fields))) {
            return ProblemKind.FOREIGN_ORIGIN.answer("Sec-Fetch-Site: " + Json.shown(site), "same-origin or none");
        }
        String origin = fields.get(HttpHeaderNames.ORIGIN);
        String host = fields.get(HttpHeaderNames.HOST);
        if (origin == null || origin.equalsIgnoreCase("http://" + host) || origin.equalsIgnoreCase("https://" + host)) {
            return null;
        }
        return ProblemKind.FOREIGN_ORIGIN.answer(
                "Origin: " + Json.shown(origin), "the origin of this listener, or none");
    }

    /** A link to the console, in a chat or a ticket, leaves the other page behind: it cannot read what it opened. */
    private static boolean followsLink(HttpHeaders fields) {
        return "navigate".equals(fields.get("Sec-Fetch-Mode")) && "document".equals(fields.get("Sec-Fetch-Dest"));
    }

    private static Verdict callerFor(HttpHeaders fields, AdminConfig config, Access wanted) {
        if (config.tokens().isEmpty()) {
            return new Verdict.Admitted(new Caller(null, AdminConfig.Role.OPERATOR));
        }
        AdminConfig.Token token = token(fields, config);
        if (token == null) {
            return wanted == Access.PROBE || wanted == Access.PUBLIC
                    ? new Verdict.Admitted(new Caller(null, null))
                    : new Verdict.Refused(ProblemKind.NO_TOKEN
                            .answer("no known token", "Authorization: Bearer and a token of admin.tokens")
                            .with("WWW-Authenticate", "Bearer realm=\"turnout\""));
        }
        if (wanted == Access.OPERATOR && token.role() != AdminConfig.Role.OPERATOR) {
            return new Verdict.Refused(
                    ProblemKind.ROLE_TOO_LOW.answer("the token \"" + token.name() + "\", a viewer", "an operator"));
        }
        return new Verdict.Admitted(new Caller(token.name(), token.role()));
    }

    /** Compares with every token, each in constant time, so that the time taken tells nothing. */
    private static AdminConfig.@Nullable Token token(HttpHeaders fields, AdminConfig config) {
        List<String> given = fields.getAll(HttpHeaderNames.AUTHORIZATION);
        if (given.size() != 1 || !given.get(0).toLowerCase(Locale.ROOT).startsWith(BEARER)) {
            return null;
        }
        String shown = given.get(0).substring(BEARER.length()).strip();
        AdminConfig.Token known = null;
        for (AdminConfig.Token token : config.tokens()) {
            if (token.token().matches(shown)) {
                known = token;
            }
        }
        return known;
    }
}
