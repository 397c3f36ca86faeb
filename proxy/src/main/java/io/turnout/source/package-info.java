/**
 * Floor 4: where the desired state comes from. {@link io.turnout.source.FileSource} follows a file on disk, however it is
 * changed, and submits what it reads to control.
 */
@NullMarked
package io.turnout.source;

import org.jspecify.annotations.NullMarked;
