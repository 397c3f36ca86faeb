/** The guard end to end: a real proxy, services that turn bad, and how long each judge needs to see it. */
@NullMarked
package io.turnout.bench.guard;

import org.jspecify.annotations.NullMarked;
