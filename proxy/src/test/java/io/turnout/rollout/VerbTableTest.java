package io.turnout.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.rollout.RolloutEvent.Command;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every verb in every phase: what it leads to, that it changes nothing, or that it is refused. */
class VerbTableTest {
    private static final String NOTHING = "nothing";
    private static final String REFUSED = "refused";

    /** Columns in the order of {@link Verb}: start, pause, resume, promote, promote --full, setWeight, revert, retry. */
    private static final String TABLE = """
            pending     progressing refused refused     refused    refused   refused reverted refused
            progressing nothing     paused  nothing     promoting  succeeded paused  reverted nothing
            paused      refused     nothing progressing promoting  succeeded paused  reverted refused
            promoting   nothing     paused  nothing     succeeded  succeeded paused  reverted refused
            succeeded   refused     refused refused     nothing    nothing   refused reverted refused
            reverted    progressing refused refused     refused    refused   refused nothing  progressing
            superseded  progressing refused refused     refused    refused   refused refused  refused
            """;

    private static final RolloutMachine MACHINE = new RolloutMachine(RolloutPlan.of(
            List.of(Rung.step(10_000, Duration.ofMinutes(1))),
            RolloutPlan.Control.KEPT,
            RolloutPlan.Start.BY_COMMAND,
            Duration.ofMinutes(10)));

    @TestFactory
    Stream<DynamicTest> verbDoesInEachPhaseWhatTheTableSays() {
        var tests = new ArrayList<DynamicTest>();
        for (String line : TABLE.strip().split("\n")) {
            String[] cells = line.strip().split(" +");
            Phase phase = Stream.of(Phase.values())
                    .filter(p -> p.label().equals(cells[0]))
                    .findFirst()
                    .orElseThrow();
            int column = 0;
            for (Verb verb : Verb.values()) {
                String expected = cells[++column];
                tests.add(DynamicTest.dynamicTest(
                        verb.label() + " while " + phase.label() + ": " + expected,
                        () -> check(phase, verb, expected)));
            }
        }
        assertThat(tests).hasSize(Phase.values().length * Verb.values().length);
        return tests.stream();
    }

    @Test
    void refusalNamesTheVerbsThatAreAllowed() {
        Transition transition = MACHINE.on(in(Phase.SUCCEEDED), command(Verb.PAUSE), 0);
        assertThat(Objects.requireNonNull(transition.refusal()).text())
                .isEqualTo("cannot pause a rollout that is succeeded; allowed now: revert");
        assertThat(Objects.requireNonNull(MACHINE.on(in(Phase.SUPERSEDED), command(Verb.RETRY), 0)
                                .refusal())
                        .text())
                .endsWith("allowed now: start");
    }

    @Test
    void repeatingAVerbChangesNothing() {
        for (Phase phase : Phase.values()) {
            for (Verb verb : Verb.values()) {
                if (verb == Verb.PROMOTE) {
                    continue;
                }
                Transition once = MACHINE.on(in(phase), command(verb), 0);
                if (once.refusal() == null) {
                    Transition twice = MACHINE.on(once.state(), command(verb), 0);
                    assertThat(twice.refusal())
                            .as("%s twice while %s", verb, phase)
                            .isNull();
                    assertThat(twice.actions())
                            .as("%s twice while %s", verb, phase)
                            .isEmpty();
                    assertThat(twice.state()).isEqualTo(once.state());
                }
            }
        }
    }

    private static void check(Phase phase, Verb verb, String expected) {
        RolloutState before = in(phase);
        Transition transition = MACHINE.on(before, command(verb), 0);
        switch (expected) {
            case REFUSED -> {
                assertThat(transition.refusal()).isEqualTo(Refusal.of(verb, phase));
                assertThat(transition.state()).isEqualTo(before);
                assertThat(transition.actions()).isEmpty();
            }
            case NOTHING -> {
                assertThat(transition.refusal()).isNull();
                assertThat(transition.state()).isEqualTo(before);
                assertThat(transition.actions()).isEmpty();
            }
            default -> {
                assertThat(transition.refusal()).isNull();
                assertThat(transition.state().phase().label()).isEqualTo(expected);
                assertThat(transition.actions()).isNotEmpty();
            }
        }
    }

    private static Command command(Verb verb) {
        return verb == Verb.SET_WEIGHT ? Command.setWeight(20_000, "ann", "") : Command.of(verb, "ann", "");
    }

    private static RolloutState in(Phase phase) {
        RolloutState pending = RolloutState.pending("v2");
        return switch (phase) {
            case PENDING -> pending;
            case PROGRESSING -> pending.at(phase, 0, 10_000, "");
            case PAUSED -> pending.at(phase, 0, 10_000, "");
            case PROMOTING -> pending.at(phase, 1, 950_000, "");
            case SUCCEEDED -> pending.at(phase, 2, RolloutPlan.WHOLE, "");
            case REVERTED -> pending.at(phase, 0, 0, "");
            case SUPERSEDED -> pending.at(phase, 0, 10_000, "");
        };
    }
}
