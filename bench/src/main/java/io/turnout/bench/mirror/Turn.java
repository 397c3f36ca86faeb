package io.turnout.bench.mirror;

import java.util.OptionalLong;

/**
 * What one turn of a route showed. Immutable.
 *
 * @param sent copies whose head was sent, if the proxy tells
 * @param completed copies that the shadow has answered whole, by its own count
 * @param underWay requests that may have been copied just before or after the turn
 */
record Turn(
        long answered,
        long failed,
        OptionalLong sent,
        long completed,
        int underWay,
        double cpuMicros,
        double p50Micros,
        double p99Micros,
        double rssMib) {}
