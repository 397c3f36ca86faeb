package io.turnout.judge;

/** Feeds a judge whole ticks in one line each. */
final class Ticks {
    static final long TICK_NANOS = 100_000_000L;

    final Judge judge;
    final TickSample sample = new TickSample();
    long epoch = 1;
    double weight = .05;
    int stableHosts = 9;
    int canaryHosts = 1;
    long stableMicros = 20_000;
    long canaryMicros = 20_000;

    Ticks(JudgePlan plan) {
        judge = new Judge(plan);
    }

    /** Shows the judge 1,000 answers of stable, spread around the usual latency, before the canary has traffic. */
    Ticks learnStable() {
        for (int i = 0; i < 100; i++) {
            begin(0, 0);
            sample.stable().answered(10, 0);
            for (int j = 0; j < 10; j++) {
                sample.stable().latency().addMicros(stableMicros * (50 + (i * 10 + j) % 100) / 100);
            }
            judge.tick(sample);
        }
        return this;
    }

    /** One tick of 100 ms under the present weight, errors spread over the hosts. */
    Verdict tick(long canary, long canaryErrors, long stable, long stableErrors) {
        begin(weight, epoch);
        fill(sample.canary(), canaryHosts, canary, canaryErrors, canaryMicros);
        fill(sample.stable(), stableHosts, stable, stableErrors, stableMicros);
        return judge.tick(sample);
    }

    Ticks weight(double weight) {
        this.weight = weight;
        epoch++;
        return this;
    }

    void begin(double weight, long epoch) {
        sample.begin(weight, epoch, TICK_NANOS);
        sample.canary().hosts().arrange(canaryHosts, 1);
        sample.stable().hosts().arrange(stableHosts, 1);
    }

    private static void fill(ArmSample arm, int hosts, long requests, long errors, long micros) {
        arm.answered(requests, errors);
        arm.routed(requests);
        for (long i = 0; i < requests; i++) {
            arm.hosts().add((int) (i % hosts), 1, i < errors ? 1 : 0);
        }
        for (long i = errors; i < requests; i++) {
            arm.latency().addMicros(micros * (50 + i * 37 % 100) / 100);
        }
    }
}
