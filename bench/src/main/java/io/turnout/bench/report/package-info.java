/** What was measured, and how it is shown: result file, table, plots. */
@NullMarked
package io.turnout.bench.report;

import org.jspecify.annotations.NullMarked;
