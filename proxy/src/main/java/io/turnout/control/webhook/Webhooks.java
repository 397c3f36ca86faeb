package io.turnout.control.webhook;

import io.turnout.adminapi.AuditEntry;
import io.turnout.config.WebhookConfig;
import io.turnout.config.WebhookConfig.Event;
import java.io.Closeable;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Tells the configured receivers of what the audit tells: signed, retried, in order for each of them.
 *
 * <p>{@link #accept} belongs to the control thread and never blocks it; {@link #counts} is safe for any thread.
 */
public final class Webhooks implements Closeable {
    private static final Duration BACKOFF = Duration.ofSeconds(1);

    private final Supplier<List<WebhookConfig>> receivers;
    private final Duration backoff;
    private final Tally tally = new Tally();
    private final Map<String, ReceiverLine> lines = new HashMap<>();

    /** @param receivers those in force, asked for each event */
    public Webhooks(Supplier<List<WebhookConfig>> receivers) {
        this(receivers, BACKOFF);
    }

    Webhooks(Supplier<List<WebhookConfig>> receivers, Duration backoff) {
        this.receivers = receivers;
        this.backoff = backoff;
    }

    /** Sends an entry on its way to all receivers that want to know. */
    public void accept(AuditEntry entry) {
        List<WebhookConfig> current = receivers.get();
        closeLinesBut(current);
        Event event = Delivery.eventOf(entry);
        if (event == null) {
            return;
        }
        for (WebhookConfig receiver : current) {
            if (wants(receiver, event)) {
                lines.computeIfAbsent(receiver.name(), name -> new ReceiverLine(name, tally, backoff))
                        .offer(Delivery.of(receiver, event, entry));
            }
        }
    }

    /** Who follows rollouts must hear how they end, even who does not care for reverts in general. */
    private static boolean wants(WebhookConfig receiver, Event event) {
        return receiver.events().contains(event)
                || (event == Event.REVERT && receiver.events().contains(Event.ROLLOUT));
    }

    private void closeLinesBut(List<WebhookConfig> current) {
        lines.entrySet().removeIf(line -> {
            boolean gone =
                    current.stream().noneMatch(receiver -> receiver.name().equals(line.getKey()));
            if (gone) {
                line.getValue().close();
            }
            return gone;
        });
    }

    /** What became of events so far. */
    public WebhookCounts counts() {
        return tally.counts();
    }

    /** Ends at once, after the control thread has ended; what waits is not sent. */
    @Override
    public void close() {
        lines.values().forEach(ReceiverLine::close);
    }
}
