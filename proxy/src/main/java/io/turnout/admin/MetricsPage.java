package io.turnout.admin;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.turnout.admin.Call.Asked;
import io.turnout.admin.Doorkeeper.Access;
import io.turnout.admin.jvm.JvmMetric;
import io.turnout.admin.jvm.JvmMetrics;
import io.turnout.admin.live.StreamCounts;
import io.turnout.admin.page.Family;
import io.turnout.admin.page.MetricFamilies;
import io.turnout.admin.page.PageFormat;
import io.turnout.control.Control;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * The page that Prometheus scrapes: Turnout's own metrics read off its meters at that moment, and those of the process
 * and the JVM. Nothing here is touched by a request that is being relayed.
 *
 * <p>Confined to the admin thread, but for {@link #close}.
 */
final class MetricsPage implements AutoCloseable {
    private final JvmMetrics jvm = new JvmMetrics();
    private final TurnoutMetrics turnout;
    private final MetricFamilies families = new MetricFamilies(families());

    MetricsPage(Control control, StreamCounts events, String version) {
        turnout = new TurnoutMetrics(control, events, version);
    }

    private static List<Family> families() {
        List<Family> all = new ArrayList<>();
        Collections.addAll(all, JvmMetric.values());
        Collections.addAll(all, Metric.values());
        return all;
    }

    List<Call> calls() {
        return List.of(ViewCalls.look("/metrics", Access.VIEWER, this::page));
    }

    private CompletionStage<Answer> page(Asked asked) {
        var format = PageFormat.accepted(asked.request().fields().get(HttpHeaderNames.ACCEPT, ""));
        jvm.addTo(families);
        turnout.addTo(families);
        return ViewCalls.now(new Answer(200, format.contentType(), Body.of(families.take(format)), Map.of()));
    }

    /** Ends listening to the garbage collectors. */
    @Override
    public void close() {
        jvm.close();
    }
}
