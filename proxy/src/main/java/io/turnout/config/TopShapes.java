package io.turnout.config;

import static io.turnout.config.shape.Scalars.choice;
import static io.turnout.config.shape.Scalars.duration;
import static io.turnout.config.shape.Scalars.integer;
import static io.turnout.config.shape.Scalars.percent;

import io.turnout.config.shape.ListShape;
import io.turnout.config.shape.MapShape;
import io.turnout.config.shape.NameShape;
import io.turnout.config.shape.RecordShape;
import io.turnout.config.shape.Shape;
import io.turnout.config.shape.ShortForm;
import java.util.Locale;

/** The whole file. */
final class TopShapes {
    static final RecordShape<TurnoutConfig> TURNOUT = turnout();

    private TopShapes() {}

    private static RecordShape<TurnoutConfig> turnout() {
        RecordShape.Draft<TurnoutConfig> r = RecordShape.draft("turnout", "The whole file.");
        var listeners = r.key(
                        "listeners",
                        ListShape.of(ListenerShapes.LISTENER).notEmpty().distinctBy("name", ListenerConfig::name),
                        TurnoutConfig::listeners)
                .doc("Where clients are served.");
        var admin = r.key("admin", ListenerShapes.ADMIN, TurnoutConfig::admin)
                .byDefaultNone()
                .doc("The admin API, the metrics and the console.");
        var pools = r.key(
                        "pools",
                        MapShape.of(NameShape.defining(SplitShapes.POOL), PoolShapes.POOL)
                                .notEmpty(),
                        TurnoutConfig::pools)
                .doc("Where requests go, by name.");
        // After the pools, so that what routes say of them can be held against what is known.
        var routes = r.key(
                        "routes",
                        ListShape.of(RouteShapes.ROUTE).notEmpty().distinctBy("name", RouteConfig::name),
                        TurnoutConfig::routes)
                .doc("Which requests go where.");
        var accessLog = r.key("accessLog", accessLog(), TurnoutConfig::accessLog)
                .byDefaultNone()
                .doc("One line per exchange.");
        var state = r.key("state", state(), TurnoutConfig::state)
                .byDefaultNone()
                .doc("Where run-time decisions survive a restart.");
        var workers = r.key(
                        "workers",
                        integer(1, 1_024).or("auto", TurnoutConfig.ONE_WORKER_PER_CORE),
                        TurnoutConfig::workers)
                .byDefault("auto")
                .doc("Number of event loops. `auto`: one per processor. Takes effect at the next start.");
        var transport = r.key("transport", transport(), TurnoutConfig::transport)
                .byDefault("auto")
                .doc("Interface to the operating system. `auto`: epoll where it loads, else nio. Takes effect at the"
                        + " next start.");
        var webhooks = r.key(
                        "webhooks",
                        ListShape.of(webhook()).distinctBy("name", WebhookConfig::name),
                        TurnoutConfig::webhooks)
                .byDefaultList()
                .doc("Receivers of events.");
        var overload = r.key("overload", overload(), TurnoutConfig::overload)
                .byDefaultNone()
                .doc("When load is shed.");
        return r.makes(v -> new TurnoutConfig(
                v.of(listeners),
                v.of(admin),
                v.of(pools),
                v.of(routes),
                v.of(accessLog),
                v.of(state),
                v.of(workers),
                v.of(transport),
                v.of(webhooks),
                v.of(overload)));
    }

    private static RecordShape<OverloadConfig> overload() {
        RecordShape.Draft<OverloadConfig> r = RecordShape.draft(
                "overload",
                "When load is shed, in steps: from 80 % of a limit on, answers end their connections; from 90 %, new"
                        + " connections are closed; at the limit, new requests are answered 503 with Retry-After.");
        var exchanges = r.key(
                        "exchanges",
                        integer(1, 10_000_000).or("none", OverloadConfig.ANY_NUMBER),
                        OverloadConfig::exchanges)
                .byDefault("none")
                .doc("Exchanges running at a time, each event loop its share.");
        var memory = r.key("memory", percent("1%", "100%"), OverloadConfig::memoryPpm)
                .byDefault("90%")
                .doc("Share of the direct memory that buffers may take.");
        return r.makes(v -> new OverloadConfig(v.of(exchanges), v.of(memory)));
    }

    private static Shape<TransportKind> transport() {
        return choice(TransportKind.class, kind -> kind.name().toLowerCase(Locale.ROOT));
    }

    private static Shape<AccessLogConfig> accessLog() {
        RecordShape.Draft<AccessLogConfig> r =
                RecordShape.draft("accessLog", "One line per exchange. May be just its format.");
        var format = r.key("format", choice(AccessLogConfig.Format.class), AccessLogConfig::format)
                .byDefault("off")
                .doc("Shape of a line.");
        var path = r.key("path", TextShapes.FILE, AccessLogConfig::path)
                .byDefault(AccessLogConfig.STDOUT)
                .doc("File that lines are appended to, or `stdout`.");
        var queue = r.key("queue", integer(16, 1 << 20), AccessLogConfig::queueLines)
                .byDefault("16384")
                .doc(
                        "Lines that may wait for the disk. Beyond, lines are dropped and counted: the log never slows a request.");
        return ShortForm.ofScalarOrList(
                r.makes(v -> new AccessLogConfig(v.of(format), v.of(path), v.of(queue))), "format");
    }

    private static RecordShape<StateConfig> state() {
        RecordShape.Draft<StateConfig> r = RecordShape.draft("state", "Where run-time decisions survive a restart.");
        var path = r.key("path", TextShapes.FILE, StateConfig::path)
                .byDefault(".turnout")
                .doc("Folder of the journal; a relative one is taken from the folder of this file.");
        return r.makes(v -> new StateConfig(v.of(path)));
    }

    private static RecordShape<WebhookConfig> webhook() {
        RecordShape.Draft<WebhookConfig> r =
                RecordShape.draft("webhook", "A receiver of events, told by POST beside the data path.");
        var name = r.key("name", NameShape.defining("webhook"), WebhookConfig::name)
                .doc("Its name in metrics and logs.");
        var url = r.key("url", AddressShapes.URL, WebhookConfig::url).doc("Who is told. Never the own admin API.");
        var secret = r.key("secret", new SecretShape(), WebhookConfig::secret)
                .optional()
                .doc("Key of the HMAC by which the receiver knows that we speak. Absent: no signature.");
        var events = r.key(
                        "events",
                        ListShape.of(choice(WebhookConfig.Event.class))
                                .notEmpty()
                                .distinct(),
                        WebhookConfig::events)
                .byDefaultList("revert", "freeze", "switch", "weights", "rollout", "approval", "reload")
                .doc("Kinds of events that are sent.");
        var timeout = r.key("timeout", duration("10ms", "1m"), WebhookConfig::timeout)
                .byDefault("5s")
                .doc("For one attempt.");
        var retries = r.key("retries", integer(0, 20), WebhookConfig::retries)
                .byDefault("5")
                .doc("Further attempts, further and further apart.");
        return r.makes(v ->
                new WebhookConfig(v.of(name), v.of(url), v.orNull(secret), v.of(events), v.of(timeout), v.of(retries)));
    }
}
