/** Floor 9: wires everything, starts it in order and stops it in reverse. */
@NullMarked
package io.turnout.app;

import org.jspecify.annotations.NullMarked;
