/**
 * Floor 1, pure: counts and latency buckets of canary and stable go in, evidence and a verdict come out.
 *
 * <p>Start at {@link io.turnout.judge.Judge}. Every bet is an e-process: a wealth that starts at 1 and, while the canary
 * is no worse than tolerated, cannot grow in the mean; so it reaches 100 with probability 1 % at most, however often it
 * is looked at (Ville 1939). {@code docs/judge.md} has the formulas and what was measured.
 */
@NullMarked
package io.turnout.judge;

import org.jspecify.annotations.NullMarked;
