package io.turnout.adminapi;

import java.util.Map;

/**
 * What became of copies: each that was chosen is completed, failed, dropped or still active.
 *
 * @param chosen requests chosen to be copied
 * @param sent copies whose head was sent
 * @param completed copies answered whole
 * @param serverErrors of those, the ones with a status of 500 and above
 * @param active copies under way
 * @param dropped by reason; reasons that did not occur are left out
 * @param failed by reason, likewise
 */
public record MirrorCopies(
        long chosen,
        long sent,
        long completed,
        long serverErrors,
        long active,
        Map<String, Long> dropped,
        Map<String, Long> failed) {
    public MirrorCopies {
        dropped = Ordered.copy(dropped);
        failed = Ordered.copy(failed);
    }
}
