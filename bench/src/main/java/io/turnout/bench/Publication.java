package io.turnout.bench;

import io.turnout.bench.report.BenchResult;
import io.turnout.bench.report.MarkdownReport;
import io.turnout.bench.report.ResultJson;
import io.turnout.bench.report.ScenarioResult;
import io.turnout.bench.report.SvgChart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Puts a run into files. Immutable. */
final class Publication {
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyy-MM-dd-HHmm").withZone(ZoneOffset.UTC);

    private final BenchResult result;
    private final String stamp;

    Publication(BenchResult result) {
        this.result = result;
        stamp = STAMP.format(result.started());
    }

    /** Writes every round, whatever the run is worth, and says where. */
    Path writeRaw(Path folder) throws IOException {
        Files.createDirectories(folder);
        return Files.writeString(folder.resolve(stamp + ".json"), new ResultJson().write(result));
    }

    /** Writes rounds, table and plots for others to read, and says where the table is. */
    Path publish(Path folder) throws IOException {
        writeRaw(folder);
        StringBuilder text = new StringBuilder(MarkdownReport.write(result)).append("\n## Plots\n");
        for (ScenarioResult scenario : result.scenarios()) {
            plot(folder, stamp + "-" + scenario.name(), SvgChart.bars(scenario), text);
            boolean watched = scenario.rounds().stream()
                    .anyMatch(round -> !round.rssOverTime().isEmpty());
            if (watched) {
                plot(folder, stamp + "-" + scenario.name() + "-memory", SvgChart.memory(scenario), text);
            }
        }
        return Files.writeString(folder.resolve(stamp + ".md"), text.toString());
    }

    private static void plot(Path folder, String name, String svg, StringBuilder text) throws IOException {
        Files.writeString(folder.resolve(name + ".svg"), svg);
        text.append("\n![").append(name).append("](").append(name).append(".svg)\n");
    }
}
