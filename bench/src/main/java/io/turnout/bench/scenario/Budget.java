package io.turnout.bench.scenario;

/**
 * How much is measured. Immutable.
 *
 * @param rounds interleaved rounds, at least 1
 * @param jvmWarmSeconds load put on a JVM peer before its first round, for each scenario anew, at least
 * @param jvmWarmSecondsAtMost how far that is drawn out while its CPU time for a request still falls
 * @param nativeWarmSeconds the same for others
 * @param rampSeconds load before each window, not counted
 * @param windowSeconds the part of a round that counts
 * @param connections open at the same time in loaded scenarios
 * @param requestsPerSecond of the fixed-rate scenario
 * @param idleConnections of the idle scenario
 * @param bigBodyBytes length of each big body
 * @param bigBodyBytesPerSecond how fast a big body's reader reads
 */
public record Budget(
        int rounds,
        double jvmWarmSeconds,
        double jvmWarmSecondsAtMost,
        double nativeWarmSeconds,
        double rampSeconds,
        double windowSeconds,
        int connections,
        double requestsPerSecond,
        int idleConnections,
        long bigBodyBytes,
        long bigBodyBytesPerSecond) {
    public Budget {
        if (rounds < 1 || !(windowSeconds > 0) || connections < 1 || bigBodyBytes < 1 || bigBodyBytesPerSecond < 1) {
            throw new IllegalArgumentException("found a budget without rounds, seconds, connections or octets");
        }
    }
}
