/** Floor 5, data plane: sockets towards clients: bind, accept, speak HTTP/1.1, limit, drain. */
@NullMarked
package io.turnout.listener;

import org.jspecify.annotations.NullMarked;
