/** What mirrors cost the originals, with shadows that do well and shadows that do not. */
@NullMarked
package io.turnout.bench.mirror;

import org.jspecify.annotations.NullMarked;
