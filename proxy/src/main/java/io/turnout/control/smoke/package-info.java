/**
 * Smoke tests: questions that Turnout itself asks an idle pool before traffic goes to it. They take no part in the data
 * plane and are no evidence.
 *
 * <p>Begin with {@link io.turnout.control.smoke.SmokeRunner}.
 */
@NullMarked
package io.turnout.control.smoke;

import org.jspecify.annotations.NullMarked;
