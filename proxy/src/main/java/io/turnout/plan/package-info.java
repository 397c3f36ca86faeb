/**
 * What the configuration of a route means to those who decide: the judge's plan and the rollout's. The running process and
 * the command line, which forecasts it, read the file with the same eyes.
 *
 * <p>Stateless and pure.
 */
@NullMarked
package io.turnout.plan;

import org.jspecify.annotations.NullMarked;
