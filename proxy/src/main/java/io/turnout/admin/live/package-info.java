/**
 * What is told live: figures by the second with their last minutes, and the stream of events that carries them.
 *
 * <p>All of it is confined to the admin thread. Figures are made once for all who listen.
 */
@NullMarked
package io.turnout.admin.live;

import org.jspecify.annotations.NullMarked;
