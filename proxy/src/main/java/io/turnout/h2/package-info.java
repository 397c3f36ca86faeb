/**
 * Floor 2: HTTP/2 frames on either side: Netty's codec, with a stricter gate before it and budgets for every kind of
 * frame. Heads are read and written by {@code http}; streams belong to {@code listener} and {@code upstream}.
 */
@NullMarked
package io.turnout.h2;

import org.jspecify.annotations.NullMarked;
