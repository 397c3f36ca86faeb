package io.turnout.shadow;

import io.turnout.compare.Answers;
import io.turnout.compare.ComparisonRules;
import io.turnout.telemetry.MirrorBudget;

/**
 * Answers waiting to be compared. Immutable.
 *
 * @param heldBytes room the answers take, given back to the budget when they have been compared
 */
public record ComparisonJob(
        String route, String pool, ComparisonRules rules, Answers answers, MirrorBudget budget, long heldBytes) {}
