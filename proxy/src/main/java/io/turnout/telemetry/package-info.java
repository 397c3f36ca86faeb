/**
 * Floor 1: what the data plane counts and sees. Each cell has one writer, its event loop; readers merge the cells of
 * all loops whenever they like.
 */
@NullMarked
package io.turnout.telemetry;

import org.jspecify.annotations.NullMarked;
