package io.turnout.config;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A receiver of events.
 *
 * @param name distinct
 * @param url http or https, without user information
 * @param secret key of the HMAC over the body, or null for no signature
 * @param events which kinds are sent
 * @param timeout of one attempt
 * @param retries after the first attempt, 0 to 20
 */
public record WebhookConfig(
        String name, URI url, @Nullable Secret secret, List<Event> events, Duration timeout, int retries) {
    public WebhookConfig {
        Require.text("webhook name", name);
        events = List.copyOf(events);
        Require.positive("webhook timeout", timeout);
        Require.within("webhook retries", retries, 0, 20);
    }

    /** Kinds of events. */
    public enum Event {
        /** A canary was reverted. */
        REVERT,
        /** Both sides are bad: nothing moves any more. */
        FREEZE,
        /** All traffic went to another pool. */
        SWITCH,
        /** Weights were set or an override ended. */
        WEIGHTS,
        /** A rollout began, moved, paused or ended. */
        ROLLOUT,
        /** A step waits for a person or a gate. */
        APPROVAL,
        /** The configuration was reloaded or refused. */
        RELOAD
    }
}
