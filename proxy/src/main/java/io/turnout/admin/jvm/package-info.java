/**
 * The process and its Java virtual machine on the metrics page, under the names Micrometer has made usual.
 *
 * <p>Read off the platform's beans at the moment of the scrape, but for collections, which are told when they end.
 */
@NullMarked
package io.turnout.admin.jvm;

import org.jspecify.annotations.NullMarked;
