/** The proxies that are measured: how each is configured, started, reloaded and stopped. */
@NullMarked
package io.turnout.bench.peer;

import org.jspecify.annotations.NullMarked;
