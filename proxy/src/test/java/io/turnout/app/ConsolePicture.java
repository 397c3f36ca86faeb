package io.turnout.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.demo.Behaviour;
import io.turnout.testing.Browser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Makes {@code docs/images/console.png}: a rollout that reverts itself, as a user of the demo sees it. No test: {@code
 * bench/screenshot} runs it.
 */
@EnabledIfSystemProperty(named = "turnout.picture", matches = "true")
class ConsolePicture {
    private static final Path PICTURE =
            Path.of(System.getProperty("turnout.root", ".."), "docs", "images", "console.png");

    @TempDir
    Path folder;

    @Test
    void takesAPictureOfARevert() throws Exception {
        String route = """
                split: {weights: {blue: 100, green: 0}, key: {cookie: uid}}
                    guard: {stable: blue, compare: {to: stable}}
                    rollout: {canary: green, steps: [5%, 10%, 25%, 50%, 100%], hold: 2m}
                """;
        // The first requests of a process are slow, and would set the scale of the latency chart.
        try (DemoStage warm = DemoStage.in(Files.createDirectory(folder.resolve("warm")))) {
            assertThat(warm.url()).isNotEmpty();
            seconds(15);
        }
        try (DemoStage stage = DemoStage.with(folder, route, "");
                Browser browser = Browser.start(folder)) {
            browser.size(1440, 900);
            browser.open(stage.url());
            browser.awaitText("#link", "live");
            seconds(35);
            for (String key : new String[] {"t", "n", "n"}) {
                browser.press(key);
                browser.await("a dialog", "document.querySelector('dialog').open");
                browser.press("Enter");
                browser.await("no dialog", "!document.querySelector('dialog').open");
                seconds(key.equals("t") ? 15 : 30);
            }
            stage.green.behave(new Behaviour(6, 0, Behaviour.Mode.OK));
            browser.awaitText(".rollout .chip", "Reverted");
            seconds(25);
            browser.picture(PICTURE, true);
        }
    }

    /** The picture is of what happens over time, so here time has to pass. */
    private static void seconds(int seconds) {
        Awaitility.await()
                .pollDelay(Duration.ofSeconds(seconds))
                .atMost(Duration.ofSeconds(seconds + 60L))
                .until(() -> true);
    }
}
