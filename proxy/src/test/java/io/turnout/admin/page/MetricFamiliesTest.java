package io.turnout.admin.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MetricFamiliesTest {
    private static final List<String> BOUNDS = List.of("5.0E-4", "1.0", "+Inf");
    private static final double[] UPPER = {5.0E-4, 1, Double.POSITIVE_INFINITY};
    private static final List<String> LABEL_VALUES = List.of(
            "", "a", "a b", "a-b", "ab", "B", "7", "mapped", "mapped - 'x'", "q\"q", "back\\slash", "two\nlines", "ü");
    private static final List<Double> VALUES = List.of(
            0d,
            1d,
            -1d,
            .5,
            1e-4,
            9_999_999d,
            1e7,
            1.5e7,
            123_456_789_012d,
            0x1p53,
            -1e9,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            Double.NaN);

    private record Declared(String exposedName, Type type, String help, List<String> labels) implements Family {}

    private static final long SEED = Long.getLong("prop.seed", 7L);

    private final Random random = new Random(SEED);

    @Test
    void pagesAreThoseOfTheReferenceLibrary() throws IOException {
        var families = List.of(
                new Declared(
                        "some_total", Family.Type.COUNTER, "With \"quotes\", a \\ and\ntwo lines.", List.of("z", "a")),
                new Declared("some_level", Family.Type.GAUGE, "No labels.", List.of()),
                new Declared("some_level_bytes", Family.Type.GAUGE, "One label.", List.of("id")),
                new Declared("a_seconds", Family.Type.HISTOGRAM, "Sizes.", List.of("route", "pool")),
                new Declared("other_seconds", Family.Type.HISTOGRAM, "Sizes without labels.", List.of()),
                new Declared("pause_seconds", Family.Type.SUMMARY, "Pauses.", List.of("cause")));
        var page = new MetricFamilies(families);
        for (int round = 0; round < 200; round++) {
            List<MetricSnapshot> expected = new ArrayList<>();
            for (Declared family : families) {
                addRandomly(family, page, expected);
            }
            PageFormat format = PageFormat.values()[round % PageFormat.values().length];

            assertThat(text(page.take(format)))
                    .as("round %d, -Dprop.seed=%d", round, SEED)
                    .isEqualTo(reference(format, new MetricSnapshots(expected)));
        }
    }

    private void addRandomly(Declared family, MetricFamilies page, List<MetricSnapshot> expected) {
        var counters = CounterSnapshot.builder();
        var gauges = GaugeSnapshot.builder();
        var histograms = HistogramSnapshot.builder();
        var summaries = SummarySnapshot.builder();
        Set<List<String>> taken = new HashSet<>();
        int wanted = random.nextInt(5);
        for (int i = 0; i < wanted; i++) {
            List<String> values =
                    family.labels().stream().map(label -> any(LABEL_VALUES)).toList();
            if (!taken.add(values)) {
                continue;
            }
            Labels labels = Labels.of(family.labels(), values);
            String[] array = values.toArray(String[]::new);
            switch (family.type()) {
                case COUNTER -> {
                    long count = random.nextLong(1L << random.nextInt(1, 53));
                    page.add(family, count, array);
                    counters.dataPoint(new CounterSnapshot.CounterDataPointSnapshot((double) count, labels, null, 0));
                }
                case GAUGE -> {
                    double value = any(VALUES);
                    page.addGauge(family, value, array);
                    gauges.dataPoint(new GaugeSnapshot.GaugeDataPointSnapshot(value, labels, null));
                }
                case HISTOGRAM -> {
                    long[] counts = random.longs(UPPER.length, 0, 1000).toArray();
                    page.addHistogram(family, BOUNDS, counts.clone(), .25, array);
                    histograms.dataPoint(HistogramSnapshot.HistogramDataPointSnapshot.builder()
                            .classicHistogramBuckets(ClassicHistogramBuckets.of(UPPER, counts))
                            .sum(.25)
                            .labels(labels)
                            .build());
                }
                case SUMMARY -> {
                    long count = random.nextLong(1000);
                    page.addSummary(family, count, 1.5, array);
                    summaries.dataPoint(SummarySnapshot.SummaryDataPointSnapshot.builder()
                            .count(count)
                            .sum(1.5)
                            .labels(labels)
                            .build());
                }
            }
        }
        if (taken.isEmpty()) {
            return;
        }
        String name = family.familyName();
        expected.add(
                switch (family.type()) {
                    case COUNTER -> counters.name(name).help(family.help()).build();
                    case GAUGE -> gauges.name(name).help(family.help()).build();
                    case HISTOGRAM -> histograms.name(name).help(family.help()).build();
                    case SUMMARY -> summaries.name(name).help(family.help()).build();
                });
    }

    private <T> T any(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private static String reference(PageFormat format, MetricSnapshots families) throws IOException {
        ExpositionFormatWriter writer = switch (format) {
            case TEXT -> PrometheusTextFormatWriter.create();
            case OPEN_METRICS -> OpenMetricsTextFormatWriter.builder().build();
        };
        assertThat(format.contentType()).isEqualTo(writer.getContentType());
        var page = new ByteArrayOutputStream();
        writer.write(page, families);
        return text(page.toByteArray());
    }

    private static String text(byte[] page) {
        return new String(page, StandardCharsets.UTF_8);
    }

    @Test
    void aFamilyWithoutValuesIsNotThere() {
        var family = new Declared("some_total", Family.Type.COUNTER, "Some.", List.of());
        var page = new MetricFamilies(List.of(family));
        page.add(family, 1);
        assertThat(text(page.take(PageFormat.TEXT))).contains("some_total 1.0\n");

        assertThat(text(page.take(PageFormat.TEXT))).isEmpty();
        assertThat(text(page.take(PageFormat.OPEN_METRICS))).isEqualTo("# EOF\n");
    }

    @Test
    void aFamilyThatWasNotDeclaredIsABug() {
        var page = new MetricFamilies(List.of());

        assertThatThrownBy(() -> page.add(new Declared("other", Family.Type.GAUGE, "Other.", List.of()), true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("other");
    }
}
