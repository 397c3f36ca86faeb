package io.turnout.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.turnout.admin.RunningAdmin;
import io.turnout.testing.Programs;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Commands that go on until they are ended, against a real admin listener. */
@Timeout(90)
class WatchCommandsTest {
    @TempDir
    private Path folder;

    private RunningAdmin admin;

    @BeforeEach
    void start() throws Exception {
        admin = RunningAdmin.in(folder);
    }

    @AfterEach
    void stop() {
        admin.close();
    }

    private void switchTo(String pool) throws Exception {
        admin.send(admin.json(
                "POST", "/api/v1/routes/shop/switch", "{\"to\": \"" + pool + "\", \"reason\": \"because\"}"));
    }

    private void awaitListener() {
        await().until(() -> admin.get("/metrics").body().contains("turnout_event_clients 1.0"));
    }

    @Test
    void eventsTellsEachChangeInALineAndEndsInTime() throws Exception {
        CompletableFuture<Typed> typed =
                CompletableFuture.supplyAsync(() -> Typed.run("events", "--admin", admin.url(), "--timeout", "4s"));
        awaitListener();
        switchTo("green");

        Typed done = typed.get(30, TimeUnit.SECONDS);
        assertThat(done.exitCode()).as(done.err()).isZero();
        assertThat(done.out().lines().toList())
                .anySatisfy(line -> assertThat(line).contains("generation 1, 2 routes"))
                .anySatisfy(line ->
                        assertThat(line).contains("switch route shop by anonymous via api: ", "green", "(because)"))
                .anySatisfy(line -> assertThat(line).startsWith("status of generation 2: shop blue 0, green "));
    }

    @Test
    void eventsAsJsonIsOneObjectALine() throws Exception {
        Typed done = Typed.run("events", "--admin", admin.url(), "--timeout", "2500ms", "--live", "-o", "json");

        List<String> names = new ArrayList<>();
        for (String line : done.out().lines().toList()) {
            JsonNode event = new JsonMapper().readTree(line);
            names.add(event.get("event").asString());
            assertThat(event.get("data").isObject()).isTrue();
        }
        assertThat(names.get(0)).isEqualTo("snapshot");
        assertThat(names).contains("live");
    }

    @Test
    void watchWithoutATerminalIsLines() {
        Typed done = Typed.run("status", "--watch", "--admin", admin.url(), "--timeout", "2500ms");

        assertThat(done.exitCode()).as(done.err()).isZero();
        assertThat(done.out()).contains("shop  blue 0.0% 0.0/s").doesNotContain("\u001b");
    }

    @Test
    void watchWhereNobodyListensIsUnreachable() {
        admin.close();

        assertThat(Typed.run("status", "--watch", "--admin", admin.url()).exitCode())
                .isEqualTo(ExitCode.UNREACHABLE);
        assertThat(Typed.run("status", "--watch", "--timeout", "soon").exitCode())
                .isEqualTo(ExitCode.USAGE);
    }

    /** The picture in a terminal of 80 columns, made by the program that makes terminals. */
    @Test
    void watchInATerminalOf80ColumnsStaysWithinThemAndGivesItBack() throws Exception {
        String script = Programs.require("script");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Path recorded = folder.resolve("typescript");
        String command = "stty cols 80 rows 30; exec " + java + " -cp " + System.getProperty("java.class.path")
                + " io.turnout.app.Main status --watch --timeout 5s --admin " + admin.url();
        Process process = new ProcessBuilder(script, "-qefc", command, recorded.toString())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("out").toFile())
                .start();
        awaitListener();
        switchTo("green");

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        String text = Files.readString(recorded, StandardCharsets.UTF_8);
        assertThat(text).contains("\u001b[?1049h", "\u001b[?1049l", "├─ blue", "OVERRIDE (switch)", "pool green");
        List<String> lines = text.substring(text.indexOf("\u001b[H"), text.lastIndexOf("\u001b[?25h"))
                .replaceAll("\u001b\\[[0-9;?]*[A-Za-z]", "")
                .lines()
                .toList();
        assertThat(lines)
                .allSatisfy(line ->
                        assertThat(line.codePointCount(0, line.length())).isLessThanOrEqualTo(80));
        assertThat(process.exitValue()).isZero();
    }
}
