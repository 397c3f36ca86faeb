/**
 * Floor 3, data plane: endpoints, balancing, and each event loop's own connections to them: dial, lend, take back.
 * Everything here is confined to one event loop.
 */
@NullMarked
package io.turnout.upstream;

import org.jspecify.annotations.NullMarked;
