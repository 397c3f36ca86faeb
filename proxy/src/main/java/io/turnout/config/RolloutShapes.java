package io.turnout.config;

import static io.turnout.config.shape.Scalars.bool;
import static io.turnout.config.shape.Scalars.duration;
import static io.turnout.config.shape.Scalars.integer;
import static io.turnout.config.shape.Scalars.percent;

import io.turnout.config.shape.ListShape;
import io.turnout.config.shape.Located;
import io.turnout.config.shape.NameShape;
import io.turnout.config.shape.Reading;
import io.turnout.config.shape.RecordShape;
import io.turnout.config.shape.ShortForm;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The way of a canary. */
final class RolloutShapes {
    static final RecordShape<RolloutConfig> ROLLOUT = rollout();

    private RolloutShapes() {}

    /** A step as written: what it does not say is said by the rollout. */
    private record WrittenStep(
            int weightPpm,
            @Nullable Duration hold,
            @Nullable Integer minRequests,
            boolean approval,
            RolloutConfig.@Nullable Gate gate) {

        static WrittenStep of(RolloutConfig.Step step) {
            return new WrittenStep(step.weightPpm(), step.hold(), step.minRequests(), step.approval(), step.gate());
        }

        RolloutConfig.Step step(Duration holdElse, int minRequestsElse, RolloutConfig.@Nullable Gate gateElse) {
            return new RolloutConfig.Step(
                    weightPpm,
                    hold == null ? holdElse : hold,
                    minRequests == null ? minRequestsElse : minRequests,
                    approval,
                    gate == null ? gateElse : gate);
        }
    }

    private static RecordShape<RolloutConfig> rollout() {
        RecordShape.Draft<RolloutConfig> r = RecordShape.draft(
                "rollout",
                "The way of a canary to all traffic: by steps, judged all the time, advanced only on evidence. Needs a guard.");
        var gateShape = gate();
        var canary = r.key("canary", NameShape.referringTo(SplitShapes.POOL), RolloutConfig::canary)
                .doc("The variant on trial, one of the split and not the guard's `stable`.");
        var steps = r.key(
                        "steps",
                        ListShape.of(ShortForm.ofScalarOrList(step(gateShape), "weight"))
                                .notEmpty(),
                        c -> c.steps().stream().map(WrittenStep::of).toList())
                .doc("The canary's shares, rising. A step may be just its `weight`.");
        // What these say is written into each step, so that rendering has nothing more to show here.
        var hold = r.key("hold", duration("0s", "30d"), c -> null)
                .byDefault("2m")
                .doc("Shortest stay on each step that does not say its own.");
        var minRequests = r.key("minRequests", integer(0, 100_000_000), c -> null)
                .byDefault("50")
                .doc("Requests of the canary before a step that does not say its own may be left.");
        var gate = r.key("gate", gateShape, c -> null)
                .optional()
                .doc("Asked before each step that does not say its own. Absent: none.");
        var control = r.key("control", control(), RolloutConfig::control)
                .byDefaultNone()
                .doc("What stable keeps for a while before 100 %.");
        var mirror = r.key("mirror", mirror(), RolloutConfig::mirror)
                .optional()
                .doc("What a mirror must have shown before the first step. Absent: the first step comes at once.");
        r.check((v, reading) -> {
            List<WrittenStep> written = v.orNull(steps);
            if (written != null) {
                reportStepsThatDoNotRise(written, v.at(steps), reading);
            }
        });
        return r.makes(v -> {
            return new RolloutConfig(
                    v.of(canary),
                    v.of(steps).stream()
                            .map(step -> step.step(v.of(hold), v.of(minRequests), v.orNull(gate)))
                            .toList(),
                    v.of(control),
                    v.orNull(mirror));
        });
    }

    private static void reportStepsThatDoNotRise(List<WrittenStep> steps, Located at, Reading reading) {
        for (int i = 1; i < steps.size(); i++) {
            if (steps.get(i).weightPpm <= steps.get(i - 1).weightPpm) {
                Located step = at instanceof Located.Items items ? items.items().get(i) : at;
                reading.error(step.nearest("weight"), "a step that does not rise", "more than the step before");
            }
        }
    }

    private static RecordShape<WrittenStep> step(RecordShape<RolloutConfig.Gate> gateShape) {
        RecordShape.Draft<WrittenStep> r = RecordShape.draft("step", "A rest on the way. May be just its weight.");
        var weight = r.key("weight", percent("0.0001%", "100%"), WrittenStep::weightPpm)
                .doc("The canary's share.");
        var hold = r.key("hold", duration("0s", "30d"), WrittenStep::hold)
                .optional()
                .doc("Shortest stay. Absent: the rollout's.");
        var minRequests = r.key("minRequests", integer(0, 100_000_000), WrittenStep::minRequests)
                .optional()
                .doc("Requests of the canary before the step may be left. Absent: the rollout's.");
        var approval = r.key("approval", bool(), WrittenStep::approval)
                .byDefault("false")
                .doc("Whether a person must agree before the step is entered.");
        var gate = r.key("gate", gateShape, WrittenStep::gate)
                .optional()
                .doc("Asked before the step is entered. Absent: the rollout's.");
        return r.makes(v ->
                new WrittenStep(v.of(weight), v.orNull(hold), v.orNull(minRequests), v.of(approval), v.orNull(gate)));
    }

    private static RecordShape<RolloutConfig.Gate> gate() {
        RecordShape.Draft<RolloutConfig.Gate> r =
                RecordShape.draft("gate", "A service that is asked by POST. A 2xx answer opens.");
        var url =
                r.key("url", AddressShapes.URL, RolloutConfig.Gate::url).doc("What is asked. Never the own admin API.");
        var timeout = r.key("timeout", duration("10ms", "10m"), RolloutConfig.Gate::timeout)
                .byDefault("10s")
                .doc("For one question. Beyond: the gate stays shut.");
        var interval = r.key("interval", duration("100ms", "1d"), RolloutConfig.Gate::interval)
                .byDefault("30s")
                .doc("Between two questions while the gate is shut.");
        return r.makes(v -> new RolloutConfig.Gate(v.of(url), v.of(timeout), v.of(interval)));
    }

    private static RecordShape<RolloutConfig.Mirror> mirror() {
        RecordShape.Draft<RolloutConfig.Mirror> r = RecordShape.draft(
                "rolloutMirror",
                "Answers of a shadow that must be like the original's before the canary gets traffic, and as long as it is"
                        + " on trial.");
        var pool = r.key("pool", NameShape.referringTo(SplitShapes.POOL), RolloutConfig.Mirror::pool)
                .doc("Of one of the route's mirrors, which has a `compare`.");
        var minCompared = r.key("minCompared", integer(1, 100_000_000), RolloutConfig.Mirror::minCompared)
                .byDefault("1000")
                .doc("Answers that must have been compared since the start.");
        var maxDifferent = r.key("maxDifferent", percent("0%", "100%"), RolloutConfig.Mirror::maxDifferentPpm)
                .byDefault("0%")
                .doc("Share of them that may differ beyond the noise. Beyond: no first step, later a revert.");
        return r.makes(v -> new RolloutConfig.Mirror(v.of(pool), v.of(minCompared), v.of(maxDifferent)));
    }

    private static RecordShape<RolloutConfig.Control> control() {
        RecordShape.Draft<RolloutConfig.Control> r = RecordShape.draft(
                "control",
                "The share that stable keeps before a rollout ends at 100 %, so that there is something to compare with.");
        var weight = r.key("weight", percent("0.0001%", "99%"), RolloutConfig.Control::weightPpm)
                .byDefault("5%")
                .doc("Stable's share.");
        var hold = r.key("hold", duration("0s", "30d"), RolloutConfig.Control::hold)
                .byDefault("10m")
                .doc("How long. `0s`: not at all.");
        return r.makes(v -> new RolloutConfig.Control(v.of(weight), v.of(hold)));
    }
}
