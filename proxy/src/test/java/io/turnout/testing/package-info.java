/** What tests over real sockets are made of: a proxy in this process, clients and servers that speak bytes. */
@NullMarked
package io.turnout.testing;

import org.jspecify.annotations.NullMarked;
