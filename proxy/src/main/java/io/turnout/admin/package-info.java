/**
 * The HTTP and JSON face of control: the admin API, the metrics page, liveness and readiness, and a status page.
 *
 * <p>One thread named {@code admin} does it all. Reads look at views that any thread may read; changes are commands to
 * the control thread, and their answers are written when the command is done, without anybody waiting for it here.
 */
@NullMarked
package io.turnout.admin;

import org.jspecify.annotations.NullMarked;
