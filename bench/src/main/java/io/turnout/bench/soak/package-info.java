/** A long run under reloads, faults and churn, that looks for what grows. */
@NullMarked
package io.turnout.bench.soak;

import org.jspecify.annotations.NullMarked;
