package io.turnout.control;

import io.turnout.compare.DifferenceReport;
import io.turnout.control.webhook.WebhookCounts;
import io.turnout.snapshot.Overlay.EndpointId;
import io.turnout.snapshot.PoolPlan;
import io.turnout.telemetry.EndpointMeter;
import io.turnout.telemetry.LoopMeter;
import io.turnout.telemetry.MirrorMeter;
import io.turnout.telemetry.VariantSeries;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What the metrics page shows, at one moment. Immutable but for the meters, which go on counting.
 *
 * @param generation in force
 * @param startedAt when the process began to serve
 * @param series one for each route and pool it may send to
 * @param pools with the meters and the health that hang on them
 * @param mirrors one for each mirror and each control leg
 * @param loops one for each event loop
 * @param reloadsApplied configurations put in force since the start, the first included
 * @param reloadsRefused configurations refused since the start
 * @param lastReloadOk whether the last configuration that was read is in force
 * @param overrides how many lie over the file
 * @param drained how many endpoints an operator has taken out
 * @param storageFailures how often the journal or the audit could not be written
 * @param webhooks what became of events
 */
public record Counters(
        long generation,
        Instant startedAt,
        List<VariantSeries> series,
        Map<EndpointId, EndpointMeter> endpoints,
        List<PoolPlan> pools,
        List<Mirror> mirrors,
        List<LoopMeter> loops,
        long reloadsApplied,
        long reloadsRefused,
        boolean lastReloadOk,
        int overrides,
        int drained,
        long storageFailures,
        WebhookCounts webhooks) {
    public Counters {
        series = List.copyOf(series);
        endpoints = Map.copyOf(endpoints);
        pools = List.copyOf(pools);
        mirrors = List.copyOf(mirrors);
        loops = List.copyOf(loops);
    }

    /**
     * One leg of a mirror.
     *
     * @param report what was found out with it; nothing for a control leg
     */
    public record Mirror(MirrorMeter meter, DifferenceReport report) {}
}
