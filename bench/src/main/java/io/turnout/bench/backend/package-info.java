/** The servers behind the proxies. */
@NullMarked
package io.turnout.bench.backend;

import org.jspecify.annotations.NullMarked;
