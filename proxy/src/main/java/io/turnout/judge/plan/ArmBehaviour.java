package io.turnout.judge.plan;

/**
 * How the endpoints of one arm behave. Immutable.
 *
 * @param errorRate share of requests that fail, 0 to 1
 * @param latency of the answers that succeed
 * @param hosts number of endpoints, at least 1
 * @param bursts trouble that strikes single endpoints
 */
public record ArmBehaviour(double errorRate, LatencyShape latency, int hosts, Bursts bursts) {
    public ArmBehaviour {
        if (!(errorRate >= 0 && errorRate <= 1) || hosts < 1) {
            throw new IllegalArgumentException("error rate " + errorRate + " of " + hosts + " hosts");
        }
    }

    /**
     * Times in which an endpoint fails more than usual.
     *
     * @param perHostHour how often an endpoint is struck
     * @param seconds mean length
     * @param errorRate share of its requests that fail meanwhile
     */
    public record Bursts(double perHostHour, double seconds, double errorRate) {
        public static final Bursts NONE = new Bursts(0, 1, 0);
    }

    public ArmBehaviour(double errorRate, LatencyShape latency, int hosts) {
        this(errorRate, latency, hosts, Bursts.NONE);
    }

    public ArmBehaviour withErrorRate(double errorRate) {
        return new ArmBehaviour(errorRate, latency, hosts, bursts);
    }

    public ArmBehaviour withLatency(LatencyShape latency) {
        return new ArmBehaviour(errorRate, latency, hosts, bursts);
    }

    public ArmBehaviour withHosts(int hosts) {
        return new ArmBehaviour(errorRate, latency, hosts, bursts);
    }
}
