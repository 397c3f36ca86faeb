package io.turnout.exchange;

import io.turnout.http.ByteText;
import io.turnout.http.Fields;
import io.turnout.http.RequestHead;
import io.turnout.routing.CertificatePart;
import io.turnout.routing.RequestView;
import io.turnout.tls.ClientIdentity;
import io.turnout.tls.TlsSession;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Shows a request head to the router without copying it.
 *
 * <p>One per event loop, moved from request to request; what it answers is valid until it is moved.
 */
final class RoutingView implements RequestView {
    private final ByteText method = new ByteText();
    private final ByteText host = new ByteText();
    private final ByteText path = new ByteText();
    private final ByteText query = new ByteText();
    private final ByteText value = new ByteText();
    private @Nullable Fields fields;
    private byte[] clientAddress = new byte[4];
    private @Nullable ClientIdentity client;

    RoutingView show(RequestHead head, Downstream from) {
        head.method(method);
        head.host(host);
        head.path(path);
        head.query(query);
        fields = head.fields();
        clientAddress = from.clientAddress();
        TlsSession tls = from.tls();
        client = tls == null ? null : tls.client();
        return this;
    }

    @Override
    public CharSequence method() {
        return method;
    }

    @Override
    public CharSequence host() {
        return host;
    }

    @Override
    public CharSequence path() {
        return path;
    }

    @Override
    public CharSequence query() {
        return query;
    }

    @Override
    public @Nullable CharSequence header(CharSequence lowerCaseName) {
        Fields shown = fields;
        int index = shown == null ? -1 : shown.find(lowerCaseName);
        return shown == null || index < 0
                ? null
                : value.window(shown.bytes(), shown.valueStart(index), shown.valueEnd(index));
    }

    @Override
    public List<String> clientCertificate(CertificatePart part) {
        ClientIdentity identity = client;
        if (identity == null) {
            return List.of();
        }
        return switch (part) {
            case SUBJECT -> identity.subjects();
            case DNS -> identity.names().dns();
            case URI -> identity.names().uris();
            case EMAIL -> identity.names().emails();
            case FINGERPRINT -> identity.fingerprints();
        };
    }

    @Override
    public byte[] clientAddress() {
        return clientAddress;
    }
}
