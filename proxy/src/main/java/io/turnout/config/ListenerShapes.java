package io.turnout.config;

import static io.turnout.config.shape.Scalars.bytes;
import static io.turnout.config.shape.Scalars.choice;
import static io.turnout.config.shape.Scalars.duration;
import static io.turnout.config.shape.Scalars.integer;

import io.turnout.config.shape.ListShape;
import io.turnout.config.shape.NameShape;
import io.turnout.config.shape.RecordShape;
import java.util.List;

/** What is bound: listeners, and the admin address. */
final class ListenerShapes {
    static final RecordShape<ListenerConfig> LISTENER = listener();
    static final RecordShape<AdminConfig> ADMIN = admin();

    private ListenerShapes() {}

    private static RecordShape<ListenerConfig> listener() {
        RecordShape.Draft<ListenerConfig> r = RecordShape.draft("listener", "An address on which clients are served.");
        var name = r.key("name", NameShape.defining("listener"), ListenerConfig::name)
                .doc("Its name in metrics, logs and status.");
        var address = r.key("address", AddressShapes.LISTENER, ListenerConfig::address)
                .doc("What is bound. A port alone is bound on all IPv4 interfaces; port 0 lets the system choose.");
        var tls = r.key("tls", TlsShapes.DOWNSTREAM, ListenerConfig::tls)
                .optional()
                .doc("TLS. Absent: plain text.");
        var proxyProtocol = r.key(
                        "proxyProtocol", choice(ListenerConfig.ProxyProtocol.class), ListenerConfig::proxyProtocol)
                .byDefault("off")
                .doc("Which PROXY protocol preamble stands before each connection. It is read from the peers in"
                        + " `trustedProxies`; others are refused.");
        var trustedProxies = r.key(
                        "trustedProxies", ListShape.of(AddressShapes.RANGE).distinct(), ListenerConfig::trustedProxies)
                .byDefaultList()
                .doc("Peers whose `Forwarded` and `X-Forwarded-*` headers are believed. From all others they are"
                        + " removed, so that nobody can claim to be someone else.");
        var timeouts = r.key("timeouts", timeouts(), ListenerConfig::timeouts)
                .byDefaultNone()
                .doc("How long a client may take.");
        var paths = r.key("paths", paths(), ListenerConfig::paths)
                .byDefaultNone()
                .doc("How paths are read before they are matched.");
        var limits = r.key("limits", limits(), ListenerConfig::limits)
                .byDefaultNone()
                .doc("How much a client may ask for.");
        r.check((v, reading) -> {
            ListenerConfig.ProxyProtocol preamble = v.orNull(proxyProtocol);
            List<IpRange> peers = v.orNull(trustedProxies);
            boolean wanted = preamble != null && preamble != ListenerConfig.ProxyProtocol.OFF;
            if (wanted && peers != null && peers.isEmpty()) {
                reading.error(v.at(proxyProtocol), "proxyProtocol without trustedProxies", "the peers that speak it");
            }
        });
        return r.makes(v -> new ListenerConfig(
                v.of(name),
                v.of(address),
                v.orNull(tls),
                v.of(proxyProtocol),
                v.of(trustedProxies),
                v.of(timeouts),
                v.of(paths),
                v.of(limits)));
    }

    private static RecordShape<ListenerConfig.Paths> paths() {
        RecordShape.Draft<ListenerConfig.Paths> r = RecordShape.draft(
                "listenerPaths",
                "How paths are read. Dot segments and doubled slashes are always resolved, and routes are matched"
                        + " against the very form that goes upstream.");
        var encodedSlashes = r.key(
                        "encodedSlashes",
                        choice(ListenerConfig.EncodedSlashes.class),
                        ListenerConfig.Paths::encodedSlashes)
                .byDefault("keep")
                .doc("`%2F` and `%5C`: `keep` leaves them to the origin as data of a segment, `reject` answers 400,"
                        + " `decode` makes slashes of them before the path is resolved and matched.");
        return r.makes(v -> new ListenerConfig.Paths(v.of(encodedSlashes)));
    }

    private static RecordShape<ListenerConfig.Timeouts> timeouts() {
        RecordShape.Draft<ListenerConfig.Timeouts> r =
                RecordShape.draft("listenerTimeouts", "How long a client may take before its connection is closed.");
        var header = r.key("header", duration("100ms", "10m"), ListenerConfig.Timeouts::header)
                .byDefault("10s")
                .doc("For a whole request head, however it drips. Answered 408.");
        var body = r.key("body", duration("100ms", "1h"), ListenerConfig.Timeouts::body)
                .byDefault("30s")
                .doc("Between two pieces of a request body.");
        var idle = r.key("idle", duration("100ms", "1d"), ListenerConfig.Timeouts::idle)
                .byDefault("60s")
                .doc("Between two requests. Too short: clients reconnect more often.");
        var tunnel = r.key("tunnel", duration("1s", "30d"), ListenerConfig.Timeouts::tunnel)
                .byDefault("10m")
                .doc(
                        "Of silence in both directions on a connection that has changed its protocol, such as to WebSocket."
                                + " Too short: clients that seldom speak are cut off.");
        var drain = r.key("drain", duration("1s", "1d"), ListenerConfig.Timeouts::drain)
                .byDefault("30s")
                .doc("For what still runs when the listener is drained or gone from the file; what is left is cut.");
        return r.makes(
                v -> new ListenerConfig.Timeouts(v.of(header), v.of(body), v.of(idle), v.of(tunnel), v.of(drain)));
    }

    private static RecordShape<ListenerConfig.Limits> limits() {
        RecordShape.Draft<ListenerConfig.Limits> r =
                RecordShape.draft("listenerLimits", "How much clients may ask for. What is beyond is refused.");
        var connections = r.key(
                        "connections",
                        integer(1, 10_000_000).or("none", ListenerConfig.ANY_NUMBER),
                        ListenerConfig.Limits::connections)
                .byDefault("none")
                .doc("Connections open at a time.");
        var perClient = r.key(
                        "connectionsPerClient",
                        integer(1, 10_000_000).or("none", ListenerConfig.ANY_NUMBER),
                        ListenerConfig.Limits::connectionsPerClient)
                .byDefault("none")
                .doc("Connections open at a time from one address.");
        var requestLine = r.key("requestLine", bytes("8000B", "1MiB"), l -> (long) l.requestLineBytes())
                .byDefault("16KiB")
                .doc("Length of a request line. Beyond: 414.");
        var header = r.key("header", bytes("1KiB", "1MiB"), l -> (long) l.headerBytes())
                .byDefault("32KiB")
                .doc("Size of a request head. Beyond: 431.");
        var fields = r.key("fields", integer(1, 10_000), ListenerConfig.Limits::fields)
                .byDefault("200")
                .doc("Number of header fields of a request. Beyond: 431.");
        var body = r.key(
                        "body",
                        bytes("0B", "100000GiB").or("none", ListenerConfig.ANY_SIZE),
                        ListenerConfig.Limits::bodyBytes)
                .byDefault("none")
                .doc("Size of a request body. Beyond: 413.");
        var minRate = r.key("minRate", bytes("0B", "1GiB"), ListenerConfig.Limits::minRateBytes)
                .byDefault("100B")
                .doc("Per second, that a client must send of a body and take of an answer while it is waited for, on"
                        + " average over `timeouts.body` and half of `timeouts.idle`. 0B: any progress will do. Too high: clients on bad"
                        + " networks are cut off.");
        var glitches = r.key(
                        "glitches",
                        integer(1, 1_000_000).or("none", ListenerConfig.ANY_NUMBER),
                        ListenerConfig.Limits::glitches)
                .byDefault("1000")
                .doc("Oddities endured on one connection that are legal and that no honest client needs: blank lines"
                        + " before requests, chunk extensions, trailers that may not be. Beyond: 400.");
        return r.makes(v -> new ListenerConfig.Limits(
                v.of(connections),
                v.of(perClient),
                Math.toIntExact(v.of(requestLine)),
                Math.toIntExact(v.of(header)),
                v.of(fields),
                v.of(body),
                v.of(minRate),
                v.of(glitches)));
    }

    private static RecordShape<AdminConfig> admin() {
        RecordShape.Draft<AdminConfig> r = RecordShape.draft(
                "admin", "The admin API, the metrics and the console. Reachable by others only with tokens.");
        var address = r.key("address", AddressShapes.ADMIN, AdminConfig::address)
                .byDefault("127.0.0.1:9900")
                .doc("What is bound. A port alone is bound on the loopback interface; port 0 lets the system choose.");
        var tokens = r.key(
                        "tokens",
                        ListShape.of(token()).distinctBy("name", AdminConfig.Token::name),
                        AdminConfig::tokens)
                .byDefaultList()
                .doc("Who may ask. None: whoever reaches the address, which must then be a loopback one.");
        var allowedHosts = r.key("allowedHosts", ListShape.of(TextShapes.HOST).distinct(), AdminConfig::allowedHosts)
                .byDefaultList()
                .doc("Host names under which the API may be asked, besides the address itself and the loopback names."
                        + " Others are refused, against DNS rebinding.");
        var tls =
                r.key("tls", TlsShapes.DOWNSTREAM, AdminConfig::tls).optional().doc("TLS. Absent: plain text.");
        r.check((v, reading) -> {
            HostPort at = v.orNull(address);
            List<AdminConfig.Token> known = v.orNull(tokens);
            if (at != null && known != null && known.isEmpty() && !at.isLoopback()) {
                reading.error(
                        v.at(address), "the address " + at + " without tokens", "a loopback address, or admin.tokens");
            }
        });
        return r.makes(v -> new AdminConfig(v.of(address), v.of(tokens), v.of(allowedHosts), v.orNull(tls)));
    }

    private static RecordShape<AdminConfig.Token> token() {
        RecordShape.Draft<AdminConfig.Token> r = RecordShape.draft("token", "A bearer token of the admin API.");
        var name = r.key("name", NameShape.defining("token"), AdminConfig.Token::name)
                .doc("Who is named in the audit.");
        var role = r.key("role", choice(AdminConfig.Role.class), AdminConfig.Token::role)
                .doc("A viewer reads; an operator also changes.");
        var token = r.key("token", new SecretShape(), AdminConfig.Token::token).doc("What the bearer shows.");
        return r.makes(v -> new AdminConfig.Token(v.of(name), v.of(role), v.of(token)));
    }
}
