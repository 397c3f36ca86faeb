package io.turnout.admin;

import io.turnout.admin.page.Family;
import java.util.List;

/**
 * Every metric of Turnout's own, with the name it is scraped by: the contract of {@code docs/metrics.md}, which a test
 * compares with this table.
 */
enum Metric implements Family {
    REQUESTS("turnout_requests_total", Type.COUNTER, "Requests that have ended, by how.", "route", "pool", "outcome"),
    RESPONSES(
            "turnout_responses_total",
            Type.COUNTER,
            "Requests that have ended, by class of the status the client got; none if it got none.",
            "route",
            "pool",
            "code_class"),
    DECISIONS(
            "turnout_decisions_total",
            Type.COUNTER,
            "Requests sent to the pool, by the reason why it was this one.",
            "route",
            "pool",
            "reason"),
    REQUESTS_ACTIVE("turnout_requests_active", Type.GAUGE, "Requests that have begun and not ended.", "route", "pool"),
    FORCED_REQUESTS(
            "turnout_forced_requests_total",
            Type.COUNTER,
            "Requests sent to the pool by a rule; they are no evidence for the guard.",
            "route",
            "pool"),
    VARIANT_ERRORS(
            "turnout_variant_errors_total",
            Type.COUNTER,
            "Requests charged to the variant as its failure, whatever a retry made of them.",
            "route",
            "pool"),
    RETRIES(
            "turnout_retries_total",
            Type.COUNTER,
            "Attempts that failed and were followed by another.",
            "route",
            "pool"),
    REQUEST_DURATION(
            "turnout_request_duration_seconds",
            Type.HISTOGRAM,
            "From request head to the end of an answer that arrived whole and was no failure of the upstream.",
            "route",
            "pool"),
    WEIGHT("turnout_weight", Type.GAUGE, "Weight in force.", "route", "pool"),
    WEIGHT_DESIRED("turnout_weight_desired", Type.GAUGE, "Weight in the file.", "route", "pool"),
    OVERRIDE_ACTIVE("turnout_override_active", Type.GAUGE, "1 while a run-time decision lies over the file.", "route"),
    GUARD_STATE(
            "turnout_guard_state",
            Type.GAUGE,
            "1 for the state the guard is in: off, watching, holding, reverted or sharedIncident.",
            "route",
            "state"),
    ROLLOUT_PHASE(
            "turnout_rollout_phase",
            Type.GAUGE,
            "1 for the phase the rollout of the route is in, 0 for every other.",
            "route",
            "phase"),
    ROLLOUT_STEP(
            "turnout_rollout_step",
            Type.GAUGE,
            "Step on which the rollout of the route stands, from 1; 0 before the first.",
            "route"),
    UPSTREAM_REQUESTS(
            "turnout_upstream_requests_total", Type.COUNTER, "Attempts sent to the endpoint.", "pool", "endpoint"),
    UPSTREAM_FAILURES(
            "turnout_upstream_failures_total", Type.COUNTER, "Attempts the endpoint failed.", "pool", "endpoint"),
    UPSTREAM_CONNECTS("turnout_upstream_connects_total", Type.COUNTER, "Connections opened.", "pool", "endpoint"),
    UPSTREAM_CONNECT_FAILURES(
            "turnout_upstream_connect_failures_total",
            Type.COUNTER,
            "Connections that could not be opened.",
            "pool",
            "endpoint"),
    UPSTREAM_CONNECTIONS("turnout_upstream_connections", Type.GAUGE, "Connections open.", "pool", "endpoint"),
    UPSTREAM_ACTIVE("turnout_upstream_requests_active", Type.GAUGE, "Attempts running.", "pool", "endpoint"),
    UPSTREAM_DRAINED(
            "turnout_upstream_drained",
            Type.GAUGE,
            "1 while an operator has taken the endpoint out.",
            "pool",
            "endpoint"),
    UPSTREAM_HEALTH(
            "turnout_upstream_health",
            Type.GAUGE,
            "1 for the state the endpoint is in: healthy, pending, unhealthy, ejected or unresolved.",
            "pool",
            "endpoint",
            "state"),
    UPSTREAM_PROBES(
            "turnout_upstream_probes_total",
            Type.COUNTER,
            "Health checks of the endpoint by result: good or bad.",
            "pool",
            "endpoint",
            "result"),
    UPSTREAM_EJECTIONS(
            "turnout_upstream_ejections_total",
            Type.COUNTER,
            "Times the endpoint was ejected because requests failed there.",
            "pool",
            "endpoint"),
    UPSTREAM_LATENCY(
            "turnout_upstream_latency_seconds",
            Type.GAUGE,
            "Moving average of the time until the endpoint's answers begin; 0 when nothing was heard for long.",
            "pool",
            "endpoint"),
    POOL_USABLE("turnout_pool_usable_endpoints", Type.GAUGE, "Endpoints that may be asked now.", "pool"),
    POOL_PENDING("turnout_pool_pending", Type.GAUGE, "Requests that wait for a connection.", "pool"),
    POOL_RETRIES_ACTIVE("turnout_pool_retries_active", Type.GAUGE, "Retries running.", "pool"),
    POOL_REJECTED(
            "turnout_pool_rejected_total",
            Type.COUNTER,
            "What the pool's limits refused, by which: pending (waiting room full), wait (waited in vain) or retry_budget.",
            "pool",
            "limit"),
    POOL_EJECTIONS_SPARED(
            "turnout_pool_ejections_withheld_total",
            Type.COUNTER,
            "Ejections that were due and not made because too few others would have been left.",
            "pool"),
    MIRROR_CHOSEN(
            "turnout_mirror_chosen_total",
            Type.COUNTER,
            "Requests chosen to be copied; each is completed, dropped, failed or still active. leg: shadow or control.",
            "route",
            "pool",
            "leg"),
    MIRROR_SENT("turnout_mirror_sent_total", Type.COUNTER, "Copies whose head was sent.", "route", "pool", "leg"),
    MIRROR_COMPLETED("turnout_mirror_completed_total", Type.COUNTER, "Copies answered whole.", "route", "pool", "leg"),
    MIRROR_DROPPED(
            "turnout_mirror_dropped_total",
            Type.COUNTER,
            "Copies not sent, or cut, by why.",
            "route",
            "pool",
            "leg",
            "reason"),
    MIRROR_FAILED(
            "turnout_mirror_failed_total",
            Type.COUNTER,
            "Copies without a whole answer, by why.",
            "route",
            "pool",
            "leg",
            "reason"),
    MIRROR_ACTIVE(
            "turnout_mirror_active", Type.GAUGE, "Copies under way, the control leg's included.", "route", "pool"),
    MIRROR_HELD_BYTES(
            "turnout_mirror_held_bytes",
            Type.GAUGE,
            "What copies and answers that wait to be compared hold.",
            "route",
            "pool"),
    MIRROR_DURATION(
            "turnout_mirror_duration_seconds",
            Type.HISTOGRAM,
            "From request head to the end of the answer, of copied requests. leg: primary, shadow or control.",
            "route",
            "pool",
            "leg"),
    MIRROR_COMPARED(
            "turnout_mirror_compared_total", Type.COUNTER, "Requests whose answers were compared.", "route", "pool"),
    MIRROR_NOT_COMPARED(
            "turnout_mirror_not_compared_total",
            Type.COUNTER,
            "Copied requests whose answers were not compared though they were to be, by why.",
            "route",
            "pool",
            "reason"),
    MIRROR_DIFFERENT(
            "turnout_mirror_different_total",
            Type.COUNTER,
            "Compared requests that differ in status, a header or the body, noise included.",
            "route",
            "pool",
            "class"),
    MIRROR_DIFFERENT_BEYOND_NOISE(
            "turnout_mirror_different_beyond_noise_total",
            Type.COUNTER,
            "Compared requests that differ in a field that differs beyond the noise.",
            "route",
            "pool"),
    LISTENER_DRAINED(
            "turnout_listener_drained", Type.GAUGE, "1 while an operator has closed the listener.", "listener"),
    CONNECTIONS("turnout_connections", Type.GAUGE, "Client connections open."),
    CONNECTIONS_ACCEPTED("turnout_connections_accepted_total", Type.COUNTER, "Client connections accepted."),
    CONNECTIONS_REFUSED(
            "turnout_connections_refused_total",
            Type.COUNTER,
            "Client connections closed at once because a listener was full."),
    EXCHANGES_ACTIVE("turnout_exchanges_active", Type.GAUGE, "Exchanges running."),
    TUNNELS(
            "turnout_tunnels",
            Type.GAUGE,
            "Client connections that have changed to another protocol, such as WebSocket."),
    TUNNELS_OPENED("turnout_tunnels_opened_total", Type.COUNTER, "Changes of protocol granted."),
    OVERLOAD_STEP(
            "turnout_overload_step",
            Type.GAUGE,
            "What is shed: 0 nothing, 1 keep-alive, 2 new connections too, 3 new requests too; the worst event loop's."),
    SHED(
            "turnout_overload_shed_total",
            Type.COUNTER,
            "Shed because of the load: answers that ended their connection (keep_alive), connections closed at once"
                    + " (connection). Requests are in turnout_refused_total.",
            "what"),
    SWITCH_DEPARTURES(
            "turnout_switch_departures_total",
            Type.COUNTER,
            "Client connections asked to leave because they had work on a pool that lost its traffic (onSwitch: drain)."),
    REFUSED(
            "turnout_refused_total",
            Type.COUNTER,
            "Requests that reached no pool, by why: malformed, too_large, no_route, too_slow, slow_reader,"
                    + " glitches, flood, overload, misdirected or shutdown.",
            "reason"),
    TLS_HANDSHAKES(
            "turnout_tls_handshakes_total",
            Type.COUNTER,
            "TLS handshakes with clients that were completed, by version and by whether a session was resumed.",
            "version",
            "session"),
    TLS_HANDSHAKE_FAILURES(
            "turnout_tls_handshake_failures_total",
            Type.COUNTER,
            "Connections that ended before their TLS handshake did, by why.",
            "reason"),
    UPSTREAM_TLS_HANDSHAKES(
            "turnout_upstream_tls_handshakes_total",
            Type.COUNTER,
            "TLS handshakes with endpoints by result: full, resumed, certificate_error or failed.",
            "pool",
            "result"),
    TLS_CERTIFICATE_EXPIRY(
            "turnout_tls_certificate_expiry_timestamp_seconds",
            Type.GAUGE,
            "When a certificate that is shown expires, in seconds since 1970.",
            "owner",
            "serial"),
    TLS_FILE_READS(
            "turnout_tls_file_reads_total",
            Type.COUNTER,
            "Certificate files read because they were new or had changed, by result: applied or refused.",
            "result"),
    PROXY_PREAMBLES(
            "turnout_proxy_preambles_total",
            Type.COUNTER,
            "PROXY protocol preambles of clients by result: accepted, not_listed or malformed.",
            "result"),
    ACCESS_LOG_DROPPED(
            "turnout_access_log_dropped_total", Type.COUNTER, "Access records dropped because the writer was behind."),
    GENERATION("turnout_generation", Type.GAUGE, "Number of the routing world in force."),
    CONFIG_RELOADS(
            "turnout_config_reloads_total",
            Type.COUNTER,
            "Configurations read since the start, the first included, by result: applied or refused.",
            "result"),
    CONFIG_LAST_RELOAD_SUCCESSFUL(
            "turnout_config_last_reload_successful",
            Type.GAUGE,
            "1 if the configuration last read is in force, 0 if it was refused."),
    STATE_WRITE_FAILURES(
            "turnout_state_write_failures_total", Type.COUNTER, "Failures to write the journal or the audit."),
    WEBHOOK_EVENTS(
            "turnout_webhook_events_total",
            Type.COUNTER,
            "Events to receivers by result: delivered, failed (given up) or dropped (too many waited).",
            "result"),
    EVENT_CLIENTS("turnout_event_clients", Type.GAUGE, "Clients that listen to the admin event stream."),
    EVENTS_SENT("turnout_events_sent_total", Type.COUNTER, "Events of the admin event stream, for each client."),
    EVENT_CLIENTS_DROPPED(
            "turnout_event_clients_dropped_total",
            Type.COUNTER,
            "Clients of the event stream cut off because they did not take what was sent."),
    EVENT_CLIENTS_REFUSED(
            "turnout_event_clients_refused_total",
            Type.COUNTER,
            "Clients of the event stream refused because too many listened."),
    NETTY_DIRECT_MEMORY(
            "turnout_netty_direct_memory_bytes", Type.GAUGE, "Direct memory held by the pooled buffer allocator."),
    NETTY_HEAP_MEMORY("turnout_netty_heap_memory_bytes", Type.GAUGE, "Heap held by the pooled buffer allocator."),
    BUILD_INFO("turnout_build_info", Type.GAUGE, "Always 1; the labels say what runs.", "version", "java");

    private final String exposedName;
    private final Type type;
    private final String help;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> labels;

    Metric(String exposedName, Type type, String help, String... labels) {
        this.exposedName = exposedName;
        this.type = type;
        this.help = help;
        this.labels = List.of(labels);
    }

    @Override
    public String exposedName() {
        return exposedName;
    }

    @Override
    public Type type() {
        return type;
    }

    @Override
    public String help() {
        return help;
    }

    @Override
    public List<String> labels() {
        return labels;
    }
}
