/** The little HTTP/1.1 that generator and backend share: reading messages, writing large bodies, and their check sums. */
@NullMarked
package io.turnout.bench.wire;

import org.jspecify.annotations.NullMarked;
