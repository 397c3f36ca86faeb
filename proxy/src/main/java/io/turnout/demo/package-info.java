/** Floor 8: what {@code turnout demo} shows itself with: two backends and a gentle load, in the same process. */
@NullMarked
package io.turnout.demo;

import org.jspecify.annotations.NullMarked;
