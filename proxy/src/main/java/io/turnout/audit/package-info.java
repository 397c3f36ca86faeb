/**
 * Floor 1: the chain that ties the lines of an audit file together, made by control and checked by the command line.
 *
 * <p>Pure but for reading the files that are to be checked.
 */
@NullMarked
package io.turnout.audit;

import org.jspecify.annotations.NullMarked;
