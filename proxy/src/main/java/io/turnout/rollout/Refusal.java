package io.turnout.rollout;

import java.util.List;

/**
 * A verb that makes no sense in the present phase. Immutable.
 *
 * @param allowed the verbs that do
 */
public record Refusal(Verb verb, Phase phase, List<Verb> allowed) {
    public Refusal {
        allowed = List.copyOf(allowed);
    }

    static Refusal of(Verb verb, Phase phase) {
        return new Refusal(verb, phase, Verb.allowedIn(phase));
    }

    /** For people: what was asked, why not, and what can be asked instead. */
    public String text() {
        String instead = allowed.isEmpty()
                ? "nothing can be asked of it any more"
                : "allowed now: "
                        + String.join(", ", allowed.stream().map(Verb::label).toList());
        return "cannot " + verb.label() + " a rollout that is " + phase.label() + "; " + instead;
    }
}
