package io.turnout.control;

import io.turnout.control.state.RouteOverride;
import io.turnout.rollout.RolloutState;
import io.turnout.rollout.Transition;
import io.turnout.rollout.Verb;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Something to be done by the control thread, and the only way to change anything. Immutable. */
public sealed interface Command {
    /** Who wants it and why. */
    Cause cause();

    /** Calls the case of this command. */
    <R> R match(Cases<R> cases);

    /** One method for each kind of command, so that the compiler knows when one is forgotten. */
    interface Cases<R> {
        R onReload(Reload command);

        R onReportUnreadable(ReportUnreadable command);

        R onSetWeights(SetWeights command);

        R onSwitchTo(SwitchTo command);

        R onClearOverride(ClearOverride command);

        R onDrainEndpoint(DrainEndpoint command);

        R onResumeEndpoint(ResumeEndpoint command);

        R onDrainListener(DrainListener command);

        R onResumeListener(ResumeListener command);

        R onExpireOverride(ExpireOverride command);

        R onRevertVariant(RevertVariant command);

        R onReportFreeze(ReportFreeze command);

        R onFollowAddresses(FollowAddresses command);

        R onSteerRollout(SteerRollout command);

        R onMoveRollout(MoveRollout command);

        R onAnswerGate(AnswerGate command);
    }

    /** Makes this text the desired state, if there is nothing wrong with it. */
    record Reload(ConfigText text, Cause cause) implements Command {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.onReload(this);
        }
    }

    /**
     * Tells that the desired state cannot be read. What is in force stays, and the status shows why.
     *
     * @param source names what could not be read
     * @param why in words
     */
    record ReportUnreadable(String source, String why, Cause cause) implements Command {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.onReportUnreadable(this);
        }
    }

    /**
     * Lays these weights over the file's.
     *
     * @param weights by pool of the route's split; a pool that is not named gets 0
     * @param ttl after which the file is in force again, more than zero; null for never
     */
    record SetWeights(
            String route,
            Map<String, Integer> weights,
            @Nullable Duration ttl,
            Cause cause) implements Command {
        public SetWeights {
            weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.onSetWeights(this);
        }
    }

    /** Sends all traffic of a route to one pool of its split. */
    record SwitchTo(String route, String pool, Preconditions preconditions, Cause cause) implements Command {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.onSwitchTo(this);
        }
    }

    /** Whether a switch looks first where it goes. */
    enum Preconditions {
        /** It is refused unless the pool can take the traffic. */
        CHECKED,
        /** The operator knows better. */
        SKIPPED
    }

    /** Puts the file's weights in force again. */
    record ClearOverride(String route, Cause cause) implements Command {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.onClearOverride(this);
        }
    }

    /**
     * Gives an endpoint no new requests; those in progress end.
     *
     * @param address {@code host:port} as configured, or {@code *} for the whole pool
     */
    record DrainEndpoint(String pool, String address, Cause cause) implements Command {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.onDrainEndpoint(this);
        }
    }

    /**
     * Takes an endpoint back into service.
     *
     * @param address {@code host:port} as configured, or {@code *} for the whole pool
     */
    record ResumeEndpoint(String pool, String address, Cause cause) implements Command {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.onResumeEndpoint(this);
        }
    }

    /** Lets a listener take no more connections; those that are open end with their next answer. */
    record DrainListener(String listener, Cause cause) implements Command {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.onDrainListener(this);
        }
    }

    /** Lets a drained listener take connections again. */
    record ResumeListener(String listener, Cause cause) implements Command {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.onResumeListener(this);
        }
    }

    /**
     * Ends an override whose time is over. The control thread's own.
     *
     * @param override the one that is meant: another one that was laid meanwhile stays
     */
    record ExpireOverride(String route, RouteOverride override) implements Command {
        @Override
        public Cause cause() {
            return Cause.of("ttl", Cause.SELF);
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.onExpireOverride(this);
        }
    }

    /**
     * Takes the traffic of a bad variant away. The control thread's own.
     *
     * @param pool the bad one
     * @param fallback the pool that gets its weight
     * @param evidence why, at length
     */
    record RevertVariant(String route, String pool, String fallback, String evidence, Cause cause) implements Command {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.onRevertVariant(this);
        }
    }

    /**
     * Tells that a bad variant keeps its traffic, because taking it away would not help. The control thread's own.
     *
     * @param pool the bad one
     */
    record ReportFreeze(String route, String pool, Cause cause) implements Command {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.onReportFreeze(this);
        }
    }

    /** Compiles the world again because names resolve to other addresses. The control thread's own. */
    record FollowAddresses() implements Command {
        @Override
        public Cause cause() {
            return Cause.of("dns", Cause.SELF);
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.onFollowAddresses(this);
        }
    }

    /**
     * Asks something of the rollout of a route.
     *
     * @param step for {@link Verb#PROMOTE}: the step the operator saw, counted from 1, so that a repeated command does not
     *     go two steps; null to go on from wherever it is
     */
    record SteerRollout(String route, Verb verb, @Nullable Integer step, Cause cause) implements Command {
        @Override
        public <R> R match(Cases<R> cases) {
            return cases.onSteerRollout(this);
        }
    }

    /**
     * Moves a rollout on, as evidence and time have it. The control thread's own.
     *
     * @param from where it stood when this was worked out: if it stands elsewhere, nothing is done
     */
    record MoveRollout(String route, RolloutState from, Transition next) implements Command {
        @Override
        public Cause cause() {
            return Cause.of("rollout", Cause.SELF);
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.onMoveRollout(this);
        }
    }

    /**
     * Tells what a gate of a rollout said.
     *
     * @param gate its name
     * @param opened whether it said yes
     * @param text what it answered, in words
     */
    record AnswerGate(String route, String gate, boolean opened, String text) implements Command {
        @Override
        public Cause cause() {
            return Cause.of("gate", Cause.SELF);
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.onAnswerGate(this);
        }
    }
}
