/**
 * Tells receivers outside what has happened, beside everything else: nothing ever waits for them.
 *
 * <p>Begin with {@link io.turnout.control.webhook.Webhooks}.
 */
@org.jspecify.annotations.NullMarked
package io.turnout.control.webhook;
