/**
 * Floor 1, pure: a rollout as a function. Plan, state, event and time go in; the next state and what to do come out.
 *
 * <p>Start at {@link io.turnout.rollout.RolloutMachine}. {@code docs/rollout.md} has the phases, the verbs and the
 * reasons.
 */
@NullMarked
package io.turnout.rollout;

import org.jspecify.annotations.NullMarked;
