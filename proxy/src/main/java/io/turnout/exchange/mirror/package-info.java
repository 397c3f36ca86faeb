/**
 * Floor 4, data plane, below {@code exchange}: copies of live requests. Everything here is confined to one event loop,
 * and nothing here can make the original wait, fail or be tried again: it is told, and never asks.
 */
@NullMarked
package io.turnout.exchange.mirror;

import org.jspecify.annotations.NullMarked;
