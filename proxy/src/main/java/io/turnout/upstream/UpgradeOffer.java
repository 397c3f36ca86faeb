package io.turnout.upstream;

import io.turnout.http.Fields;
import io.turnout.http.RequestHead;
import io.turnout.http.ResponseHead;
import io.turnout.http.UpgradeRules;
import io.turnout.http.WebSocketHandshake;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * To which protocols a request offers to change, and what of that an answer of HTTP/1 grants (RFC 9110 section 7.8). For a
 * client of HTTP/2 the WebSocket's handshake is done here, because there is none over there (RFC 8441 section 5).
 *
 * <p>Confined to its connection's event loop; good for one request after the other.
 */
final class UpgradeOffer {
    private static final int KEY_BYTES = 16;

    private @Nullable String protocols;

    /** The handshake's key when it is ours and not the client's. */
    private @Nullable String ownKey;

    /** A request goes out; adds what is missing of its offer. */
    void begin(RequestHead request) {
        protocols = request.upgrade();
        ownKey = null;
        if (request.isExtendedConnect()) {
            byte[] random = new byte[KEY_BYTES];
            ThreadLocalRandom.current().nextBytes(random);
            ownKey = WebSocketHandshake.key(random);
            request.fields().drop(WebSocketHandshake.KEY);
            request.fields().add("Sec-WebSocket-Key", ownKey);
        }
    }

    /** The protocol an answer of 101 changes to, or null when it may not. */
    @Nullable
    String granted(ResponseHead answer) {
        String granted = UpgradeRules.granted(answer, protocols);
        return granted != null && isKeyUnderstood(answer.fields()) ? granted : null;
    }

    /** Where the key is ours, so is the check of the answer to it (RFC 6455 section 4.1), which goes no further. */
    private boolean isKeyUnderstood(Fields answer) {
        if (ownKey == null) {
            return true;
        }
        String accepted = answer.first(WebSocketHandshake.ACCEPT);
        answer.drop(WebSocketHandshake.ACCEPT);
        return WebSocketHandshake.accept(ownKey).equals(accepted);
    }

    /** Whether an answer that changes no protocol would tell its client that it does (RFC 9113 section 8.5). */
    boolean isMisleading(ResponseHead answer) {
        return ownKey != null && answer.status() / 100 == 2;
    }
}
