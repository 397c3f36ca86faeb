/** What more than one thread touches, tried out in every order that the hardware gives. Started by {@code bench/stress}. */
@NullMarked
package io.turnout.stress;

import org.jspecify.annotations.NullMarked;
