/** What is measured: each scenario starts peers, puts load on them, and says what it saw. */
@NullMarked
package io.turnout.bench.scenario;

import org.jspecify.annotations.NullMarked;
