/** What the operating system tells: CPU time of processes and cores, memory, noise, versions. Linux only. */
@NullMarked
package io.turnout.bench.machine;

import org.jspecify.annotations.NullMarked;
