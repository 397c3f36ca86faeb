package io.turnout.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.rollout.Action.SetWeights;
import io.turnout.rollout.Assessment.Kind;
import io.turnout.rollout.RolloutEvent.Command;
import io.turnout.rollout.RolloutEvent.Tick;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever happens in whatever order, these hold. */
class RandomWalkTest {
    private static final int WALKS = 2_000;
    private static final int EVENTS = 300;
    private static final long SECOND = 1_000_000_000L;

    private static final List<Kind> KINDS = List.of(Kind.values());
    private static final List<Verb> VERBS = List.of(Verb.values());

    private final long seed = Long.getLong("prop.seed", 20261121L);
    private final Random random = new Random(seed);

    @Test
    void keepsItsPromisesOnRandomWalks() {
        for (int walk = 0; walk < WALKS; walk++) {
            walk();
        }
    }

    private void walk() {
        RolloutPlan plan = randomPlan();
        var machine = new RolloutMachine(plan);
        RolloutState state = RolloutState.pending("v0");
        long now = random.nextLong() >> 8;
        int published = 0;
        for (int i = 0; i < EVENTS; i++) {
            now += (long) (random.nextDouble() * 40 * SECOND);
            RolloutEvent event = randomEvent(state, plan);
            Transition transition = machine.on(state, event, now);
            for (Action action : transition.actions()) {
                published = action instanceof SetWeights weights ? weights.canaryPpm() : published;
            }
            check(plan, state, event, transition, published);
            state = transition.state();
        }
    }

    private void check(RolloutPlan plan, RolloutState before, RolloutEvent event, Transition after, int published) {
        String at = "seed " + seed + ": " + before + " on " + event + " -> " + after;
        RolloutState state = after.state();
        if (state.phase() != Phase.SUPERSEDED) {
            assertThat(published).as("published weight is the state's, %s", at).isEqualTo(state.canaryPpm());
        }
        if (before.phase() == Phase.REVERTED && state.phase() != Phase.REVERTED) {
            assertThat(isWayOut(event))
                    .as("only an explicit way out of a revert, %s", at)
                    .isTrue();
        }
        if (state.canaryPpm() > before.canaryPpm()) {
            assertThat(mayRaise(plan, before, event))
                    .as("weight rises only on evidence or command, %s", at)
                    .isTrue();
        }
        if (event instanceof Tick tick && tick.assessment().kind() == Kind.BAD && before.isActive()) {
            assertThat(state.canaryPpm())
                    .as("a breach takes all traffic at once, %s", at)
                    .isZero();
        }
        if (event instanceof Tick && state.phase() == Phase.PAUSED) {
            assertThat(state.canaryPpm()).as("paused does not move, %s", at).isEqualTo(before.canaryPpm());
        }
        if (after.refusal() != null) {
            assertThat(state).as(at).isEqualTo(before);
            assertThat(after.actions()).as(at).isEmpty();
        }
        if (after.actions().isEmpty()) {
            assertThat(state.phase()).as("no silent change, %s", at).isEqualTo(before.phase());
            assertThat(state.canaryPpm()).as("no silent change, %s", at).isEqualTo(before.canaryPpm());
        }
        if (state.phase() == Phase.SUCCEEDED) {
            assertThat(state.canaryPpm()).as(at).isEqualTo(RolloutPlan.WHOLE);
        }
    }

    private static boolean isWayOut(RolloutEvent event) {
        return event instanceof RolloutEvent.NewRevision
                || event instanceof RolloutEvent.Withdrawn
                || (event instanceof Command command && (command.verb() == Verb.RETRY || command.verb() == Verb.START));
    }

    /** By a command, by the first step of a rollout, or by a tick that is neither paused nor bad nor an incident. */
    private static boolean mayRaise(RolloutPlan plan, RolloutState before, RolloutEvent event) {
        if (event instanceof Command command) {
            return List.of(Verb.START, Verb.RETRY, Verb.PROMOTE, Verb.PROMOTE_FULL, Verb.SET_WEIGHT)
                    .contains(command.verb());
        }
        if (before.canaryPpm() == 0) {
            return before.phase() == Phase.PROGRESSING
                    || before.phase() == Phase.PENDING
                    || before.phase() == Phase.PROMOTING;
        }
        if (event instanceof Tick tick) {
            boolean waived =
                    before.rung() >= 0 && plan.rungs().get(before.rung()).proof() == Rung.Proof.WAIVED;
            Kind kind = tick.assessment().kind();
            return (before.phase() == Phase.PROGRESSING || before.phase() == Phase.PROMOTING)
                    && (kind == Kind.FINE || (waived && kind == Kind.INCONCLUSIVE));
        }
        return false;
    }

    private RolloutEvent randomEvent(RolloutState state, RolloutPlan plan) {
        int dice = random.nextInt(100);
        if (dice < 70) {
            Kind kind = dice < 50 ? Kind.FINE : KINDS.get(random.nextInt(KINDS.size()));
            return new Tick(new Assessment(kind, kind.name(), random.nextInt(20)));
        }
        if (dice < 85) {
            Verb verb = VERBS.get(random.nextInt(VERBS.size()));
            return verb == Verb.SET_WEIGHT
                    ? Command.setWeight(random.nextInt(RolloutPlan.WHOLE), "ann", "")
                    : Command.of(verb, "ann", "");
        }
        if (dice < 95) {
            Gate awaited = state.awaitedGate(plan);
            String name = awaited == null || random.nextInt(5) == 0 ? "unknown" : awaited.name();
            return random.nextBoolean()
                    ? new RolloutEvent.GateOpened(name, "bob")
                    : new RolloutEvent.GateRefused(name, "not yet");
        }
        if (dice < 98) {
            return new RolloutEvent.Restarted();
        }
        return dice < 99
                ? new RolloutEvent.NewRevision("v" + random.nextInt(3))
                : random.nextInt(10) == 0 ? new RolloutEvent.Withdrawn("gone") : new RolloutEvent.Restarted();
    }

    private RolloutPlan randomPlan() {
        var weights = random.ints(1 + random.nextInt(4), 1, RolloutPlan.WHOLE + 1)
                .distinct()
                .sorted()
                .boxed()
                .toList();
        var steps = weights.stream().map(this::randomRung).toList();
        return RolloutPlan.of(
                steps,
                random.nextBoolean() ? RolloutPlan.Control.KEPT : RolloutPlan.Control.SKIPPED,
                random.nextBoolean() ? RolloutPlan.Start.AUTOMATIC : RolloutPlan.Start.BY_COMMAND,
                Duration.ofSeconds(random.nextInt(600)));
    }

    private Rung randomRung(int ppm) {
        Rung rung = Rung.step(ppm, Duration.ofSeconds(random.nextInt(120))).withMinRequests(random.nextInt(50));
        return switch (random.nextInt(4)) {
            case 0 -> rung.withGates(new Gate("hook", Gate.Kind.WEBHOOK));
            case 1 -> rung.withGates(new Gate("hook", Gate.Kind.WEBHOOK), new Gate("person", Gate.Kind.APPROVAL));
            default -> rung;
        };
    }
}
