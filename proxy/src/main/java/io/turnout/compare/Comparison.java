package io.turnout.compare;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of holding two answers against each other. Immutable.
 *
 * @param differences each field at most once
 * @param bodySkipped why the bodies were not compared, or null if they were
 */
public record Comparison(
        List<Difference> differences, @Nullable BodySkip bodySkipped) {
    /** Why bodies were not compared; the label is part of the published contract. */
    public enum BodySkip {
        /** One was larger than is compared, as it came or unpacked. */
        TOO_LARGE("body_too_large"),
        /** One is packed in a way we do not unpack, such as br, or does not unpack. */
        ENCODED("body_encoded");

        private final String label;

        BodySkip(String label) {
            this.label = label;
        }

        /** Lower-case name used in metrics and reports. */
        public String label() {
            return label;
        }
    }

    public Comparison {
        differences = List.copyOf(differences);
    }
}
