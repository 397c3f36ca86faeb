/**
 * Floor 1, pure: holds the answers of a primary and its shadow against each other, takes the noise away, and keeps what
 * is left. Knows no channel, clock or thread; whoever calls it brings the answers.
 */
@NullMarked
package io.turnout.compare;

import org.jspecify.annotations.NullMarked;
