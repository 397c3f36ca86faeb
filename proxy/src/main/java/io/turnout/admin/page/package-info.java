/**
 * The page that Prometheus scrapes, as such: which families there are is told from outside.
 *
 * <p>Written by hand because it is written each second on a core that also carries requests: a family's lines are taken
 * apart once, and a scrape only puts labels and numbers between the parts.
 */
@NullMarked
package io.turnout.admin.page;

import org.jspecify.annotations.NullMarked;
