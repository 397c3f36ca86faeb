package io.turnout.upstream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says when an endpoint's health turns; rare enough for the log. Stateless. */
final class ProbeLog {
    private static final Logger LOG = LoggerFactory.getLogger("io.turnout.health");

    private ProbeLog() {}

    static void up(String pool, String endpoint, String how) {
        LOG.info("endpoint {} of pool {} is healthy again: it {}", endpoint, pool, how);
    }

    static void down(String pool, String endpoint, String why) {
        LOG.warn("endpoint {} of pool {} is unhealthy: {}", endpoint, pool, why);
    }
}
