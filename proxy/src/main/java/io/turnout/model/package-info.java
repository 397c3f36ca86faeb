/** Floor 0: the words every other package shares. Imports nothing of ours. */
@NullMarked
package io.turnout.model;

import org.jspecify.annotations.NullMarked;
