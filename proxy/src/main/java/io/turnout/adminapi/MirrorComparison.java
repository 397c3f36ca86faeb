package io.turnout.adminapi;

import java.util.List;
import java.util.Map;

/**
 * What comparing answers found.
 *
 * @param compared requests whose answers were compared
 * @param different of those, the ones that differ in a flagged field
 * @param rate the second as a share of the first, 0 to 1
 * @param differentByClass of the compared, the ones that differ in {@code status}, a {@code header} or the {@code body},
 *     noise included
 * @param notCompared copied requests whose answers were not compared, by reason
 * @param bodyNotCompared of the compared, the ones whose bodies were not, by reason
 * @param fields flagged ones first, then by how often they differ
 * @param fieldsNotKept differences in fields for which there was no room
 */
public record MirrorComparison(
        long compared,
        long different,
        double rate,
        Map<String, Long> differentByClass,
        Map<String, Long> notCompared,
        Map<String, Long> bodyNotCompared,
        List<FieldDifference> fields,
        long fieldsNotKept) {
    public MirrorComparison {
        differentByClass = Ordered.copy(differentByClass);
        notCompared = Ordered.copy(notCompared);
        bodyNotCompared = Ordered.copy(bodyNotCompared);
        fields = List.copyOf(fields);
    }

    /**
     * What is known of one field.
     *
     * @param field {@code status}, {@code header NAME}, {@code body} or {@code body POINTER}
     * @param different requests in which the shadow's answer differed here
     * @param noise requests in which the control's did
     * @param flagged whether it differs beyond the noise
     * @param samples the first few, redacted
     */
    public record FieldDifference(String field, long different, long noise, boolean flagged, List<Sample> samples) {
        public FieldDifference {
            samples = List.copyOf(samples);
        }
    }

    /**
     * One occurrence.
     *
     * @param request method and path
     */
    public record Sample(String request, String primary, String shadow) {}
}
