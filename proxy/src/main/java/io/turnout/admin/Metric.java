package io.turnout.admin;

import java.util.List;

/**
 * Every metric of Turnout's own, with the name it is scraped by: the contract of {@code docs/metrics.md}, which a test
 * compares with this table.
 */
enum Metric {
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
    CONNECTIONS("turnout_connections", Type.GAUGE, "Client connections open."),
    CONNECTIONS_ACCEPTED("turnout_connections_accepted_total", Type.COUNTER, "Client connections accepted."),
    CONNECTIONS_REFUSED(
            "turnout_connections_refused_total",
            Type.COUNTER,
            "Client connections closed at once because a listener was full."),
    EXCHANGES_ACTIVE("turnout_exchanges_active", Type.GAUGE, "Exchanges running."),
    REFUSED(
            "turnout_refused_total",
            Type.COUNTER,
            "Requests that reached no pool, by why: malformed, too_large, no_route, too_slow, misdirected"
                    + " or shutdown.",
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

    /** How its values are to be read. */
    enum Type {
        /** Only grows. */
        COUNTER,
        /** Goes up and down. */
        GAUGE,
        /** Counts by size. */
        HISTOGRAM
    }

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

    /** Its name on the page. */
    String exposedName() {
        return exposedName;
    }

    /** Its name in the library, which adds the ending of counters itself. */
    String familyName() {
        return type == Type.COUNTER ? exposedName.substring(0, exposedName.length() - "_total".length()) : exposedName;
    }

    Type type() {
        return type;
    }

    String help() {
        return help;
    }

    List<String> labels() {
        return labels;
    }
}
