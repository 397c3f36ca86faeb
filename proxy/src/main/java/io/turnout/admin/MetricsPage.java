package io.turnout.admin;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.turnout.admin.Call.Asked;
import io.turnout.admin.Doorkeeper.Access;
import io.turnout.admin.live.StreamCounts;
import io.turnout.control.Control;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * The page that Prometheus scrapes: Turnout's own metrics read off its meters at that moment, and those of the process
 * and the JVM by Micrometer. Nothing here is touched by a request that is being relayed.
 *
 * <p>Confined to the admin thread, but for {@link #close}.
 */
final class MetricsPage implements AutoCloseable {
    private static final String OPEN_METRICS = "application/openmetrics-text";

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final PrometheusMeterRegistry meters =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, registry, Clock.SYSTEM);
    private final JvmGcMetrics collections = new JvmGcMetrics();
    private final ExpositionFormatWriter text = PrometheusTextFormatWriter.create();
    private final ExpositionFormatWriter openMetrics =
            OpenMetricsTextFormatWriter.builder().build();

    MetricsPage(Control control, StreamCounts events, String version) {
        new JvmMemoryMetrics().bindTo(meters);
        new JvmThreadMetrics().bindTo(meters);
        new ClassLoaderMetrics().bindTo(meters);
        new ProcessorMetrics().bindTo(meters);
        new FileDescriptorMetrics().bindTo(meters);
        new UptimeMetrics().bindTo(meters);
        collections.bindTo(meters);
        registry.register(new TurnoutMetrics(control, events, version));
    }

    List<Call> calls() {
        return List.of(ViewCalls.look("/metrics", Access.VIEWER, this::page));
    }

    private CompletionStage<Answer> page(Asked asked) {
        String accepted = asked.request().fields().get(HttpHeaderNames.ACCEPT, "");
        ExpositionFormatWriter format = accepted.contains(OPEN_METRICS) ? openMetrics : text;
        var page = new ByteArrayOutputStream(64 * 1024);
        try {
            format.write(page, registry.scrape());
        } catch (IOException e) {
            throw new UncheckedIOException("in memory", e);
        }
        return ViewCalls.now(new Answer(200, format.getContentType(), Body.of(page.toByteArray()), Map.of()));
    }

    /** Ends listening to the garbage collectors. */
    @Override
    public void close() {
        collections.close();
        meters.close();
    }
}
