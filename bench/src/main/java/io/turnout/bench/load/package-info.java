/** The load generator: plans of load, the run of one plan, its connections, and what it saw. */
@NullMarked
package io.turnout.bench.load;

import org.jspecify.annotations.NullMarked;
