/** JMH benchmarks of single steps of the hot path; started by {@code bench/micro}, never by the build. */
@NullMarked
package io.turnout.bench.micro;

import org.jspecify.annotations.NullMarked;
