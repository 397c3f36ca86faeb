package io.turnout.adminapi;

import java.util.List;

/**
 * What the guard of a route knows, with its limits, as of its last look.
 *
 * @param state and
 * @param text as in {@link GuardStatus}
 * @param variants those that are judged or were reverted, in the order of the split
 */
public record RouteEvidence(String route, String state, String text, List<VariantEvidence> variants) {
    public RouteEvidence {
        variants = List.copyOf(variants);
    }
}
