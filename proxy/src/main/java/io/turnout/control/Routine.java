package io.turnout.control;

import java.util.List;

/** Something the control thread looks at again and again, between commands. */
interface Routine {
    /**
     * Takes note of the time.
     *
     * @return what is to be done now, in order
     */
    List<Command> onTick(long nowNanos);
}
