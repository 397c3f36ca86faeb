package io.turnout.control.webhook;

/**
 * What became of events since the start, over all receivers. Immutable.
 *
 * @param delivered taken by the receiver
 * @param failed given up after the last attempt
 * @param dropped never sent, because too many waited already
 */
public record WebhookCounts(long delivered, long failed, long dropped) {}
