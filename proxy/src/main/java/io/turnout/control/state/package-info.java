/**
 * What of control outlives the process: overrides and drains, the journal they are kept in, the audit, and the folder that
 * holds both. Nothing here decides anything.
 */
@NullMarked
package io.turnout.control.state;

import org.jspecify.annotations.NullMarked;
