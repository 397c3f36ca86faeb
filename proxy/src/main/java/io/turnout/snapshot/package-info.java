/**
 * Floor 2: configuration and overrides compiled into one immutable routing world, and the one volatile field that
 * publishes it. No shape of the YAML goes further than this.
 */
@NullMarked
package io.turnout.snapshot;

import org.jspecify.annotations.NullMarked;
