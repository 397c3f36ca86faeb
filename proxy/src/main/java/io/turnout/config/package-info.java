/**
 * Floor 1: the configuration file. {@link io.turnout.config.ConfigReader} turns YAML text into a
 * {@link io.turnout.config.TurnoutConfig} with every default filled in, or into the list of everything that is wrong with
 * it. All records here are immutable and safe for any thread.
 */
@NullMarked
package io.turnout.config;

import org.jspecify.annotations.NullMarked;
