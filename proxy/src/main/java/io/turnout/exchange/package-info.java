/**
 * Floor 4, data plane: one request's life, from the complete head to the last octet of the answer. Knows nothing of
 * which HTTP version either side speaks.
 */
@NullMarked
package io.turnout.exchange;

import org.jspecify.annotations.NullMarked;
