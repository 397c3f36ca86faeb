/** What one Turnout does under load, seen from inside and from the kernel. */
@NullMarked
package io.turnout.bench.profile;

import org.jspecify.annotations.NullMarked;
