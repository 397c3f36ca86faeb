package io.turnout.exchange;

import io.turnout.http.ByteText;
import io.turnout.http.Fields;
import io.turnout.http.KnownField;
import io.turnout.http.RequestHead;
import io.turnout.routing.Decision;
import io.turnout.telemetry.AccessRecord;
import io.turnout.tls.TlsSession;
import io.turnout.upstream.LoopEndpoint;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** Copies what the access log wants to know out of an exchange that is about to be reused. */
record AccessEntry(
        RequestHead head,
        Downstream downstream,
        long generation,
        @Nullable Decision decision,
        @Nullable LoopEndpoint endpoint) {

    AccessRecord toRecord(int status, long bytes, long totalMicros, long upstreamMicros, int attempts, String flag) {
        ByteText window = new ByteText();
        return new AccessRecord(
                System.currentTimeMillis() - totalMicros / 1000,
                text(downstream.clientAddress()),
                head.method(window).toString(),
                head.target(),
                downstream.protocol(),
                status,
                bytes,
                value(KnownField.REFERER),
                value(KnownField.USER_AGENT),
                head.authority(window).toString(),
                decision == null ? "" : decision.route().name(),
                decision == null ? "" : decision.pool().name(),
                endpoint == null ? "" : endpoint.name(),
                decision == null ? "" : decision.reason().label(),
                generation,
                totalMicros,
                upstreamMicros,
                attempts,
                tls(downstream.tls()),
                clientCertificate(downstream.tls()),
                flag);
    }

    private static String tls(@Nullable TlsSession session) {
        return session == null ? "" : session.version() + " " + session.cipher();
    }

    private static String clientCertificate(@Nullable TlsSession session) {
        return session == null || session.client() == null
                ? ""
                : session.client().subject();
    }

    private String value(KnownField field) {
        Fields fields = head.fields();
        int index = fields.find(field);
        return index < 0 ? "" : fields.value(index);
    }

    private static String text(byte[] address) {
        try {
            return InetAddress.getByAddress(address).getHostAddress();
        } catch (UnknownHostException e) {
            throw new AssertionError("an address of " + address.length + " octets", e);
        }
    }
}
