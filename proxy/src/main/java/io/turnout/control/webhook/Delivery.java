package io.turnout.control.webhook;

import io.turnout.adminapi.AuditEntry;
import io.turnout.config.Secret;
import io.turnout.config.WebhookConfig;
import io.turnout.config.WebhookConfig.Event;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** One event on its way to one receiver. Immutable. */
final class Delivery {
    /** Kind of the event. */
    static final String EVENT = "Turnout-Event";

    /** The same in every attempt, so that a receiver can tell a repetition. */
    static final String ID = "Turnout-Delivery";

    /** {@code sha256=} and the HMAC-SHA256 of the body in lower-case hexadecimal digits. */
    static final String SIGNATURE = "Turnout-Signature";

    private static final String ALGORITHM = "HmacSHA256";
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final WebhookConfig receiver;
    private final HttpRequest request;
    private final long id;

    private Delivery(WebhookConfig receiver, HttpRequest request, long id) {
        this.receiver = receiver;
        this.request = request;
        this.id = id;
    }

    /** The entry as this receiver gets it; to be made once and sent as often as it takes. */
    static Delivery of(WebhookConfig receiver, Event event, AuditEntry entry) {
        String label = event.name().toLowerCase(Locale.ROOT);
        ObjectNode body = MAPPER.createObjectNode().put("event", label);
        ObjectNode members = MAPPER.valueToTree(entry);
        byte[] octets = MAPPER.writeValueAsBytes(body.setAll(members));
        HttpRequest.Builder request = HttpRequest.newBuilder(receiver.url())
                .timeout(receiver.timeout())
                .header("Content-Type", "application/json")
                .header("User-Agent", "turnout")
                .header(EVENT, label)
                .header(ID, Long.toString(entry.id()))
                .POST(BodyPublishers.ofByteArray(octets));
        Secret secret = receiver.secret();
        if (secret != null) {
            request.header(SIGNATURE, "sha256=" + signature(secret, octets));
        }
        return new Delivery(receiver, request.build(), entry.id());
    }

    private static String signature(Secret secret, byte[] body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.value().getBytes(StandardCharsets.UTF_8), ALGORITHM));
            return HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new AssertionError("every Java has " + ALGORITHM, e);
        }
    }

    /** What the event is to receivers; null for what none of them is told. */
    static @Nullable Event eventOf(AuditEntry entry) {
        return switch (entry.action()) {
            case "revert" -> Event.REVERT;
            case "freeze" -> Event.FREEZE;
            case "switch" -> Event.SWITCH;
            case "weights", "overrideEnded" -> Event.WEIGHTS;
            case "reload" -> Event.RELOAD;
            case "rollout.gate-waiting" -> Event.APPROVAL;
            default -> entry.action().startsWith("rollout.") ? Event.ROLLOUT : null;
        };
    }

    HttpRequest request() {
        return request;
    }

    Duration timeout() {
        return receiver.timeout();
    }

    /** Attempts, the first included. */
    int attempts() {
        return receiver.retries() + 1;
    }

    /** For the log. */
    @Override
    public String toString() {
        return "event " + id + " to webhook " + receiver.name();
    }
}
