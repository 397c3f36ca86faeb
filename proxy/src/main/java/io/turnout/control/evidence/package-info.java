/**
 * From counters to evidence: reads what the data plane counted of a canary and of stable, and tells it to the judge.
 *
 * <p>Begin with {@link io.turnout.control.evidence.EvidenceReader}.
 */
@org.jspecify.annotations.NullMarked
package io.turnout.control.evidence;
