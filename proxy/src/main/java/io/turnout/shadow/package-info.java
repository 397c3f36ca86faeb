/**
 * Floor 2: what is found out about shadows. The data plane offers pairs of answers, one thread compares them, the
 * control plane reads what was found.
 */
@NullMarked
package io.turnout.shadow;

import org.jspecify.annotations.NullMarked;
