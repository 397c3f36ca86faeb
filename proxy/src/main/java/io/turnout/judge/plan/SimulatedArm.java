package io.turnout.judge.plan;

import io.turnout.judge.ArmSample;

/** Endpoints of one arm answering on virtual time. Mutable; confined to one simulation. */
final class SimulatedArm {
    private final SplitMix random;
    private final boolean[] struck;
    private ArmBehaviour behaviour;

    SimulatedArm(ArmBehaviour behaviour, SplitMix random) {
        this.behaviour = behaviour;
        this.random = random;
        struck = new boolean[behaviour.hosts()];
    }

    /** From now on behaves like this; the number of hosts stays what it was. */
    void change(ArmBehaviour behaviour) {
        this.behaviour = behaviour;
    }

    /** Lets bursts begin and end; to be called once per tick, before its requests. */
    void pass(double seconds) {
        ArmBehaviour.Bursts bursts = behaviour.bursts();
        if (bursts.perHostHour() <= 0) {
            return;
        }
        for (int host = 0; host < struck.length; host++) {
            double chance = struck[host] ? seconds / bursts.seconds() : seconds * bursts.perHostHour() / 3600;
            if (random.nextDouble() < chance) {
                struck[host] = !struck[host];
            }
        }
    }

    /** Declares this arm's hosts. */
    void arrange(ArmSample sample) {
        sample.hosts().arrange(struck.length, 1);
    }

    /** Answers one request. */
    void answer(ArmSample sample) {
        int host = struck.length == 1 ? 0 : random.nextInt(struck.length);
        double errorRate = struck[host] ? behaviour.bursts().errorRate() : behaviour.errorRate();
        boolean failed = random.nextDouble() < errorRate;
        sample.answered(1, failed ? 1 : 0);
        sample.hosts().add(host, 1, failed ? 1 : 0);
        sample.routed(1);
        if (!failed) {
            sample.latency().add(behaviour.latency().draw(random), 1);
        }
    }
}
