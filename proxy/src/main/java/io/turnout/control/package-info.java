/**
 * Floor 3: the one writer of what happens at run time. Whoever wants a change, be it the file, the API or Turnout itself,
 * submits a {@link io.turnout.control.Command} to {@link io.turnout.control.Control}; its single thread works out the next
 * world aside, writes the change to the journal, publishes with one volatile write, and audits.
 *
 * <p>The data plane is not known here: the two meet at {@code snapshot} and {@code telemetry}.
 */
@NullMarked
package io.turnout.control;

import org.jspecify.annotations.NullMarked;
