package io.turnout.control;

import java.io.IOException;

/** Where the desired state is kept, for those who want it read again now. */
@FunctionalInterface
public interface DesiredSource {
    /**
     * Reads it. Blocks on files; never called on an event loop.
     *
     * @throws IOException with a message for the operator, if it cannot be read
     */
    ConfigText read() throws IOException;
}
