/**
 * Floor 1: the rules of HTTP, without channels: heads and their fields, framing, hop-by-hop, limits, our own answers.
 *
 * <p>A head is the same object whichever HTTP version carried it; only the classes named {@code H1...} know the
 * HTTP/1 text form.
 */
@NullMarked
package io.turnout.http;

import org.jspecify.annotations.NullMarked;
