package io.turnout.control.evidence;

import io.turnout.telemetry.VariantMeter;
import io.turnout.telemetry.VariantMeter.OverdueLimits;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads one variant: its routing epochs, oldest first, and its endpoints. Confined to the control thread.
 *
 * <p>Epochs that had begun before the first look are read from that look on; later ones from their beginning.
 */
final class ArmReader {
    private final List<EpochReader> epochs = new ArrayList<>();
    private final HostReader hosts = new HostReader();
    private List<VariantMeter> meters = List.of();
    private Arm arm;

    ArmReader(Arm arm) {
        this.arm = arm;
        followEpochs();
        // Twice: the first look finds all that was before, the second that there is nothing new.
        epochs.forEach(EpochReader::advance);
        epochs.forEach(EpochReader::advance);
        hosts.follow(arm.endpoints());
    }

    /** The pool may have other endpoints from now on, and the series is another one if the pool was gone meanwhile. */
    void follow(Arm next) {
        arm = next;
        hosts.follow(next.endpoints());
    }

    /** Takes a look at everything. Epochs that are over were read to their end by the look before. */
    void advance(long nowNanos) {
        followEpochs();
        for (EpochReader epoch : epochs) {
            epoch.advance();
        }
        hosts.advance(nowNanos);
    }

    private void followEpochs() {
        List<VariantMeter> now = arm.series().meters();
        if (now == meters) {
            return;
        }
        meters = now;
        epochs.removeIf(epoch -> !now.contains(epoch.meter()));
        for (VariantMeter meter : now) {
            if (epochs.stream().noneMatch(epoch -> epoch.meter() == meter)) {
                epochs.add(new EpochReader(meter));
            }
        }
    }

    List<EpochReader> epochs() {
        return epochs;
    }

    HostReader hosts() {
        return hosts;
    }

    /** Number of the epoch in force; 0 before the first. */
    long epochInForce() {
        List<VariantMeter> now = arm.series().meters();
        return now.isEmpty() ? 0 : now.get(now.size() - 1).epoch();
    }

    /** How long answers may take before they are counted while they are awaited. */
    void limit(OverdueLimits limits) {
        for (EpochReader epoch : epochs) {
            epoch.meter().overdueLimits(limits);
        }
    }
}
