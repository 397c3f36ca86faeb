/**
 * The command line: what an operator types, and what scripts call. All commands but {@code check}, {@code schema},
 * {@code plan}, {@code simulate} and {@code completion} are clients of the admin API and work from any machine that
 * reaches it. Commands that need the
 * server itself are added to {@link io.turnout.cli.TurnoutCommand} where the process is put together.
 */
@NullMarked
package io.turnout.cli;

import org.jspecify.annotations.NullMarked;
