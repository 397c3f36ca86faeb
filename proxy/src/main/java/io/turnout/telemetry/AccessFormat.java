package io.turnout.telemetry;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The forms of an access-log line. Stateless. */
public enum AccessFormat {
    /** No lines. */
    OFF {
        @Override
        void append(AccessRecord r, StringBuilder to) {
            throw new AssertionError("a log that is off");
        }
    },
    /** The combined log format, followed by what Turnout knows as {@code key=value}. */
    COMBINED {
        @Override
        void append(AccessRecord r, StringBuilder to) {
            to.append(r.client()).append(" - - [").append(CLF.format(Instant.ofEpochMilli(r.epochMillis())));
            to.append("] \"");
            quoted(r.method() + ' ' + r.target() + ' ' + r.protocol(), to);
            to.append("\" ").append(r.status()).append(' ').append(r.bytes()).append(" \"");
            quoted(r.referer().isEmpty() ? "-" : r.referer(), to);
            to.append("\" \"");
            quoted(r.userAgent().isEmpty() ? "-" : r.userAgent(), to);
            to.append("\" host=");
            quoted(dash(r.host()), to);
            to.append(" route=").append(dash(r.route()));
            to.append(" pool=").append(dash(r.pool()));
            to.append(" endpoint=").append(dash(r.endpoint()));
            to.append(" reason=").append(dash(r.reason()));
            to.append(" generation=").append(r.generation());
            to.append(" total_us=").append(r.totalMicros());
            to.append(" upstream_us=").append(r.upstreamMicros());
            to.append(" attempts=").append(r.attempts());
            if (!r.tls().isEmpty()) {
                to.append(" tls=\"").append(r.tls()).append('"');
            }
            if (!r.clientCertificate().isEmpty()) {
                to.append(" client_certificate=\"");
                quoted(r.clientCertificate(), to);
                to.append('"');
            }
            to.append(" flag=").append(r.flag());
        }
    },
    /** One JSON object per line. */
    JSON {
        @Override
        void append(AccessRecord r, StringBuilder to) {
            to.append("{\"time\":\"").append(Instant.ofEpochMilli(r.epochMillis()));
            text("client", r.client(), to);
            text("method", r.method(), to);
            text("target", r.target(), to);
            text("protocol", r.protocol(), to);
            to.append("\",\"status\":").append(r.status());
            to.append(",\"bytes\":").append(r.bytes()).append(",\"referer\":\"");
            quoted(r.referer(), to);
            text("userAgent", r.userAgent(), to);
            text("host", r.host(), to);
            text("route", r.route(), to);
            text("pool", r.pool(), to);
            text("endpoint", r.endpoint(), to);
            text("reason", r.reason(), to);
            to.append("\",\"generation\":").append(r.generation());
            to.append(",\"totalMicros\":").append(r.totalMicros());
            to.append(",\"upstreamMicros\":").append(r.upstreamMicros());
            to.append(",\"attempts\":").append(r.attempts());
            if (!r.tls().isEmpty()) {
                to.append(",\"tls\":\"").append(r.tls()).append('"');
            }
            if (!r.clientCertificate().isEmpty()) {
                to.append(",\"clientCertificate\":\"");
                quoted(r.clientCertificate(), to);
                to.append('"');
            }
            to.append(",\"flag\":\"");
            quoted(r.flag(), to);
            to.append("\"}");
        }

        private void text(String name, String value, StringBuilder to) {
            to.append("\",\"").append(name).append("\":\"");
            quoted(value, to);
        }
    };

    private static final DateTimeFormatter CLF =
            DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** Appends the record without a line end. */
    abstract void append(AccessRecord entry, StringBuilder to);

    private static String dash(String text) {
        return text.isEmpty() ? "-" : text;
    }

    /** Nothing a client sends can end a string or a line: what JSON would escape is escaped in both forms. */
    static void quoted(String text, StringBuilder to) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                to.append('\\').append(c);
            } else if (c < 0x20 || c == 0x7f) {
                to.append("\\u00").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            } else {
                to.append(c);
            }
        }
    }
}
