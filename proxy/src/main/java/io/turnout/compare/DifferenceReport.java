package io.turnout.compare;

import java.util.List;
import java.util.Map;

/**
 * What is known of one mirror's answers. Immutable.
 *
 * @param compared requests whose answers were held against each other
 * @param different of those, the ones that differ in at least one field that is flagged
 * @param differentByClass of the compared, the ones that differ in the class, flagged or not
 * @param bodySkipped of the compared, the ones whose bodies were not compared, by the label of the reason
 * @param findings by how often they differ, the most frequent first; flagged ones before others
 * @param fieldsNotKept differences in fields for which there was no room
 */
public record DifferenceReport(
        long compared,
        long different,
        Map<FieldClass, Long> differentByClass,
        Map<String, Long> bodySkipped,
        List<Finding> findings,
        long fieldsNotKept) {
    /** Nothing compared yet. */
    public static final DifferenceReport NONE = new DifferenceReport(0, 0, Map.of(), Map.of(), List.of(), 0);

    public DifferenceReport {
        differentByClass = Map.copyOf(differentByClass);
        bodySkipped = Map.copyOf(bodySkipped);
        findings = List.copyOf(findings);
    }

    /** Share of the compared requests that differ beyond the noise, 0 to 1; 0 when none was compared. */
    public double rate() {
        return compared == 0 ? 0 : (double) different / compared;
    }
}
