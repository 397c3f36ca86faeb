/** Floor 1: what belongs to one event loop and to nobody else: its deadlines. */
@NullMarked
package io.turnout.loop;

import org.jspecify.annotations.NullMarked;
