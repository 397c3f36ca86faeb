/**
 * Floor 0: certificates, keys and what is made of them. Both planes know it: control keeps the files followed, the data
 * plane shows what they hold.
 */
@NullMarked
package io.turnout.tls;

import org.jspecify.annotations.NullMarked;
