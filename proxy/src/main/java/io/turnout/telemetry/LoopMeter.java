package io.turnout.telemetry;

/** What one event loop counts that belongs to no route: connections, and requests that never reached a variant. */
public final class LoopMeter {
    /** What is counted. */
    public enum Count {
        /** Client connections accepted. */
        CONNECTIONS_ACCEPTED("connections_accepted"),
        /** Client connections open now. */
        CONNECTIONS_OPEN("connections_open"),
        /** Client connections closed at once because the listener was full. */
        CONNECTIONS_REFUSED("connections_refused"),
        /** Exchanges running now. */
        EXCHANGES_ACTIVE("exchanges_active"),
        /** Connections that have changed to another protocol. */
        TUNNELS_OPENED("tunnels_opened"),
        /** Such connections open now. */
        TUNNELS_OPEN("tunnels_open"),
        /** Requests refused for their form: 4xx, 501 and 505 of our own. */
        REFUSED_MALFORMED("malformed"),
        /** Requests too large in head, line or body. */
        REFUSED_TOO_LARGE("too_large"),
        /** Requests for which there was no route. */
        REFUSED_NO_ROUTE("no_route"),
        /** Requests refused because the loop had all it could take. */
        REFUSED_OVERLOAD("overload"),
        /** Requests on a connection that had too many oddities. */
        REFUSED_GLITCHES("glitches"),
        /** Answers that ended their connection because of the load. */
        SHED_KEEP_ALIVE("keep_alive"),
        /** Connections closed at once because of the load. */
        SHED_CONNECTIONS("connection"),
        /** Step of shedding that the loop is in, 0 to 3. */
        OVERLOAD_STEP("overload_step"),
        /** Clients cut because they took too little of their answer. */
        CUT_SLOW_READERS("slow_reader"),
        /** Requests that did not arrive in time. */
        REFUSED_TOO_SLOW("too_slow"),
        /** HTTP/2 connections ended because the client sent too many frames that only cost work. */
        REFUSED_FLOOD("flood"),
        /** Requests cut because the process was going down. */
        CUT_BY_SHUTDOWN("shutdown"),
        /** Client connections asked to leave because the variant they had work on lost its traffic. */
        LEFT_ON_SWITCH("switch"),
        /** Requests for a host that the connection was not opened for. */
        REFUSED_MISDIRECTED("misdirected"),
        /** TLS handshakes of version 1.2 that began a session. */
        TLS_1_2_FULL("full"),
        /** TLS handshakes of version 1.2 that resumed one. */
        TLS_1_2_RESUMED("resumed"),
        /** TLS handshakes of version 1.3 that began a session. */
        TLS_1_3_FULL("full"),
        /** TLS handshakes of version 1.3 that resumed one. */
        TLS_1_3_RESUMED("resumed"),
        /** Connections on which something else than TLS was spoken. */
        TLS_NOT_TLS("not_tls"),
        /** Handshakes that took too long. */
        TLS_TIMEOUT("timeout"),
        /** Handshakes refused for the client's certificate, or the lack of one. */
        TLS_CLIENT_CERTIFICATE("client_certificate"),
        /** Handshakes that failed for another reason: no common version, an alert, broken records. */
        TLS_PROTOCOL("protocol"),
        /** Clients that left before the end of the handshake. */
        TLS_GONE("gone"),
        /** Connections closed because too many handshakes were under way. */
        TLS_OVERLOAD("overload"),
        /** Connections closed because the certificate files have never been good. */
        TLS_NO_CERTIFICATE("no_certificate"),
        /** PROXY preambles that were read. */
        PREAMBLE_ACCEPTED("accepted"),
        /** Connections closed because their peer may not speak for others. */
        PREAMBLE_NOT_LISTED("not_listed"),
        /** Connections closed because their preamble was no such thing, or came too late. */
        PREAMBLE_MALFORMED("malformed"),
        /** Access-log records dropped because the writer was behind. */
        ACCESS_LOG_DROPPED("access_log_dropped");

        private final String label;

        Count(String label) {
            this.label = label;
        }

        /** Name used in metrics. */
        public String label() {
            return label;
        }
    }

    private final Counts counts = new Counts(Count.values().length);

    /** Adds one; only on the loop. */
    public void increment(Count count) {
        counts.increment(count.ordinal());
    }

    /** Adds an amount; only on the loop. */
    public void add(Count count, long amount) {
        counts.add(count.ordinal(), amount);
    }

    /** The value now; any thread. */
    public long read(Count count) {
        return counts.read(count.ordinal());
    }
}
