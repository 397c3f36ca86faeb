/** The bench: proxies side by side under the same load. Started by {@code bench/run}. */
@NullMarked
package io.turnout.bench;

import org.jspecify.annotations.NullMarked;
