package io.turnout.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.ImmediateEventExecutor;
import io.turnout.admin.live.EventStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds {@code docs/admin-api.md} to the code. */
class AdminDocumentTest {
    private static List<String> lines() throws IOException {
        return Files.readAllLines(Path.of(System.getProperty("turnout.root", ".."), "docs", "admin-api.md"));
    }

    @Test
    void everyCallHasItsSectionAndNoOther(@TempDir Path folder) throws Exception {
        try (var admin = RunningAdmin.in(folder);
                var events = new EventStream(
                        admin.control(),
                        ImmediateEventExecutor.INSTANCE,
                        admin.setup().clock());
                var metrics = new MetricsPage(admin.control(), events.counts(), "")) {
            var eventCalls = new EventCalls(events, new Doorkeeper(admin.setup().access()));
            List<String> calls = AdminServer.calls(admin.setup(), Runnable::run, metrics, eventCalls).stream()
                    .map(call -> call.method() + " /" + String.join("/", call.template()))
                    .toList();
            List<String> sections = lines().stream()
                    .filter(line -> line.startsWith("### `"))
                    .map(line ->
                            line.substring("### `".length(), line.length() - 1).replaceAll("\\{[a-z]+}", "{}"))
                    .toList();

            assertThat(sections).containsExactlyInAnyOrderElementsOf(calls);
        }
    }

    @Test
    void everyProblemIsInTheTable() throws Exception {
        List<String> rows = Arrays.stream(ProblemKind.values())
                .map(kind -> "| `" + kind.type().substring("urn:turnout:problem:".length()) + "` | " + kind.status()
                        + " | " + kind.title() + " |")
                .toList();

        List<String> lines = lines();
        assertThat(lines.subList(lines.indexOf("## Problems"), lines.size()).stream()
                        .filter(line -> line.startsWith("| `")))
                .containsExactlyElementsOf(rows);
    }
}
