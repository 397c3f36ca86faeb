/** Floor 1: what is known of the health of endpoints, shared by all event loops and read by the control plane. */
@NullMarked
package io.turnout.telemetry.health;

import org.jspecify.annotations.NullMarked;
