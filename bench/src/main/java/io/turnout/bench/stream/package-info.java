/** What it costs the traffic that people watch. */
@NullMarked
package io.turnout.bench.stream;

import org.jspecify.annotations.NullMarked;
