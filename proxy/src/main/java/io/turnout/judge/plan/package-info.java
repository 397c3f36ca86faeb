/**
 * Pure: what the judge can be expected to do, found by running the real one on virtual time against described traffic.
 *
 * <p>{@link io.turnout.judge.plan.Planner} answers before a rollout how long it will take and what it can see;
 * {@link io.turnout.judge.plan.Simulation} is one such run.
 */
@NullMarked
package io.turnout.judge.plan;

import org.jspecify.annotations.NullMarked;
