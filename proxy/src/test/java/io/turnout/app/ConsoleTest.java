package io.turnout.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.adminapi.AuditEntry;
import io.turnout.demo.Behaviour;
import io.turnout.testing.Browser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * The console in a real browser, before a whole Turnout with live traffic. Pictures of every scene are left in {@code
 * target/console}. Every test ends with: nothing was logged as an error, and nobody else was asked for anything.
 */
@Timeout(180)
class ConsoleTest {
    private static final Path PICTURES =
            Path.of(System.getProperty("turnout.root", ".."), "proxy", "target", "console");
    private static final Behaviour FAILING = new Behaviour(30, 0, Behaviour.Mode.OK);

    @TempDir
    static Path profiles;

    @TempDir
    Path folder;

    private static Browser browser;

    @BeforeAll
    static void startBrowser() {
        browser = Browser.start(profiles);
    }

    @AfterAll
    static void stopBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    /** Opens the console anew, without anything that was kept from before. */
    private static void open(DemoStage stage) {
        browser.forget();
        browser.size(1440, 900);
        browser.colours("light");
        browser.open(stage.url());
        browser.awaitText("#link", "live");
    }

    private static void picture(String name) {
        browser.picture(PICTURES.resolve(name + ".png"), true);
    }

    private static void assertQuiet(DemoStage stage) {
        assertThat(browser.errors()).isEmpty();
        assertThat(browser.requests()).isNotEmpty().allMatch(address -> address.startsWith(stage.url()));
    }

    /** By the rules of axe-core; what it calls moderate or minor is taste. */
    private static void assertAccessible(String scene) {
        try (var script = ConsoleTest.class.getResourceAsStream("/axe/axe.min.js")) {
            browser.evaluate(
                    new String(Objects.requireNonNull(script).readAllBytes(), StandardCharsets.UTF_8) + ";true");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        JsonNode found = browser.evaluate("axe.run(document, {resultTypes: ['violations']}).then(r => r.violations"
                + ".filter(v => v.impact === 'serious' || v.impact === 'critical')"
                + ".map(v => v.id + ': ' + v.nodes.map(n => n.html + ' ' + n.failureSummary).join(' | ')))");
        assertThat(found).as(scene).isEmpty();
    }

    private static void assertFitsItsWidth(String scene) {
        assertThat(browser.evaluate("document.documentElement.scrollWidth").asInt())
                .as(scene + " needs no sideways scrolling")
                .isLessThanOrEqualTo(browser.evaluate("innerWidth").asInt());
    }

    private static Map<String, Integer> weights(DemoStage stage) {
        return Objects.requireNonNull(stage.turnout().control().route("shop")).weights();
    }

    @Test
    void showsARevertWithItsReasonAndTakesASwitchAndASetOfWeights() throws Exception {
        try (DemoStage stage = DemoStage.in(folder)) {
            open(stage);
            browser.awaitText("main h1", "shop");
            browser.await("traffic on both sides", "[...document.querySelectorAll('.split tbody tr')].length === 2");
            browser.awaitText(".guard", "against");
            picture("1-watching");
            assertAccessible("watching");

            stage.green.behave(FAILING);
            browser.awaitText(".guard .chip", "Reverted");
            browser.awaitText(".notice.bad", "Reverted by guard");
            assertThat(browser.text(".notice.bad")).contains("errors", "against stable", "odds");
            assertThat(browser.text(".weights")).contains("blue 100 %");
            browser.awaitText(".why", "revert by guard");
            picture("2-reverted");
            assertAccessible("reverted");

            stage.green.behave(Behaviour.FINE);
            browser.press("s");
            browser.awaitText("dialog", "All following requests go to");
            browser.evaluate("document.querySelector('[name=reason]').focus()");
            browser.type("<b>version 2</b> is mended");
            browser.evaluate("document.querySelector('[name=actor]').focus()");
            browser.type("ann");
            picture("3-switching");
            assertAccessible("switching");
            confirm();
            browser.awaitText(".weights", "green 100 %");
            assertThat(weights(stage)).containsEntry("blue", 0);
            AuditEntry entry = stage.audit().get(0);
            assertThat(entry.action()).isEqualTo("switch");
            assertThat(entry.actor()).isEqualTo("ann");
            assertThat(entry.source()).isEqualTo("console");
            assertThat(entry.reason()).isEqualTo("<b>version 2</b> is mended");

            browser.press("a");
            browser.awaitText("main h1", "Audit");
            browser.awaitText(".log", "<b>version 2</b> is mended");
            assertThat(browser.text(".log")).contains("ann", "console", "switch", "guard", "revert");
            picture("4-audit");
            assertAccessible("audit");
            assertQuiet(stage);
        }
    }

    @Test
    void startsPausesPromotesAndRevertsARollout() throws Exception {
        String route = """
                split: {weights: {blue: 100, green: 0}, key: {cookie: uid}}
                    guard: {stable: blue, compare: {to: stable}}
                    rollout: {canary: green, steps: [10%, 25%, 50%, 100%], hold: 2m}
                """;
        try (DemoStage stage = DemoStage.with(folder, route, "")) {
            open(stage);
            browser.awaitText(".rollout", "Not started");
            browser.press("t");
            confirm("Start");
            browser.awaitText(".rollout", "Progressing");
            browser.awaitText(".ladder [aria-current=step]", "10 %");
            browser.awaitText(".hold", "of 2:00 to hold");
            browser.press("p");
            confirm("Pause");
            browser.awaitText(".rollout", "Paused");
            browser.press("p");
            confirm("Resume");
            browser.awaitText(".rollout", "Progressing");
            picture("5-rollout");
            assertAccessible("rollout");
            browser.press("n");
            confirm("Promote one step");
            browser.awaitText(".ladder [aria-current=step]", "25 %");
            browser.awaitText(".weights", "25 %");

            stage.green.behave(FAILING);
            browser.awaitText(".rollout .chip", "Reverted");
            browser.awaitText(".notice.bad", "against stable");
            browser.awaitText(".ladder .failed", "25 %");
            browser.awaitText(".weights", "blue 100 %");
            picture("6-rollout-reverted");
            assertAccessible("rollout reverted");
            assertThat(stage.audit().stream().map(AuditEntry::action)).contains("revert");

            stage.green.behave(Behaviour.FINE);
            browser.press("t");
            confirm("Retry");
            browser.awaitText(".rollout", "Progressing");
            browser.press("x");
            confirm("Revert to blue");
            browser.awaitText(".rollout .chip", "Reverted");
            assertThat(weights(stage)).containsEntry("green", 0);
            assertQuiet(stage);
        }
    }

    /** Keys mean something else as long as the dialog is open, and it is until the answer has come. */
    private static void confirm() {
        browser.press("Enter");
        browser.await("a closed dialog", "!document.querySelector('dialog').open");
    }

    private static void confirm(String words) {
        browser.awaitText("dialog .confirm", words);
        confirm();
    }

    @Test
    void isUsedByKeyboardAlone() throws Exception {
        try (DemoStage stage = DemoStage.in(folder)) {
            open(stage);
            browser.press("?");
            browser.awaitText("dialog", "Keys");
            picture("keys");
            browser.press("Escape");
            browser.await("a closed dialog", "!document.querySelector('dialog').open");

            browser.press("w");
            browser.awaitText("dialog", "Weights of shop");
            for (int i = 0; i < 5; i++) {
                browser.press("ArrowRight");
            }
            browser.awaitText("dialog .confirm", "green 15 %");
            assertThat(weights(stage)).containsEntry("green", 10);
            picture("weights");
            assertAccessible("weights");
            confirm();
            browser.awaitText(".weights", "15 %");
            assertThat(weights(stage).get("green") / (double) weights(stage).get("blue"))
                    .isEqualTo(15 / 85.0);

            browser.press("w");
            closeAndPressAtOnce("o");
            browser.awaitText("dialog", "The weights of the file are in force again");
            confirm();
            browser.await("no override", "!document.querySelector('.notice')");
            assertThat(weights(stage)).isEqualTo(Map.of("blue", 90, "green", 10));

            browser.press("x");
            confirm("Revert to blue");
            browser.awaitText(".weights", "blue 100 %");

            browser.press("c");
            browser.awaitText("main h1", "Configuration");
            browser.awaitText(".yaml", "routes:");
            picture("config");
            assertAccessible("config");
            browser.press("r");
            browser.awaitText("main h1", "shop");
            assertQuiet(stage);
        }
    }

    /** Returns when the page has heard that the dialog was closed, which it does after the key. */
    private static void closeAndPressAtOnce(String key) {
        browser.evaluate("new Promise(told => { const dialog = document.querySelector('dialog');"
                + "dialog.addEventListener('close', told, {once: true}); dialog.close();"
                + "document.dispatchEvent(new KeyboardEvent('keydown', {key: '" + key + "'})); }).then(() => true)");
    }

    @Test
    void fitsAPhoneAndTheDark() throws Exception {
        try (DemoStage stage = DemoStage.in(folder)) {
            open(stage);
            browser.awaitText(".guard", "against");
            browser.colours("dark");
            picture("dark");
            assertAccessible("dark");
            browser.size(360, 740);
            browser.await("a redrawn chart", "document.querySelector('.plot canvas')?.clientWidth < 360");
            assertFitsItsWidth("phone");
            picture("phone-dark");
            browser.colours("light");
            picture("phone");
            assertAccessible("phone");
            for (String page : new String[] {"audit", "config"}) {
                browser.evaluate("location.hash = '#/" + page + "'");
                browser.await(
                        page,
                        "location.hash === '#/" + page + "' && document.querySelector('h1').innerText !== 'shop'");
                assertFitsItsWidth(page);
                picture("phone-" + page);
            }
            assertQuiet(stage);
        }
    }

    @Test
    void showsWhatAMirrorSentLostAndFoundWithItsSamples() throws Exception {
        String route = """
                split: {weights: {blue: 100, green: 0}, key: {cookie: uid}}
                    mirror: {pool: shadow, percent: 50%, compare: {control: blue, headers: [x-version]}}
                """;
        try (DemoStage stage = DemoStage.with(folder, route, "")) {
            open(stage);
            browser.awaitText(".mirror h3", "shadow 50 % of requests copied, noise measured by blue");
            browser.awaitText(".fields-found", "body /price");
            browser.await("compared answers", figure("compared") + " >= 300");
            assertThat(browser.text(".differences")).contains("By class", "status", "header x-version", "0 by noise");
            browser.evaluate("document.querySelectorAll('.differences details').forEach(one => one.open = true)");
            browser.awaitText(".differences .pair", "primary");
            assertThat(browser.text(".fields-found")).contains("GET /items/", "shadow");
            browser.await("latencies", "/\\d ms/.test(document.querySelector('.mirror .figures').innerText)");
            picture("mirror");
            assertAccessible("mirror");
            browser.colours("dark");
            browser.size(360, 740);
            browser.await("a redrawn chart", "document.querySelector('.plot canvas')?.clientWidth < 360");
            assertFitsItsWidth("mirror on a phone");
            assertAccessible("mirror on a phone in the dark");
            picture("phone-mirror-dark");
            browser.size(1440, 900);
            picture("mirror-dark");

            stage.shadow.behave(new Behaviour(0, 0, Behaviour.Mode.CRASH));
            browser.await("failed copies", figure("failed") + " > 0");
            browser.await("copies that were not even sent", figure("dropped") + " > 0");
            browser.awaitText(".differences", "breaker open");
            picture("mirror-crashed-dark");
            assertQuiet(stage);
        }
    }

    /** Script for a figure of the mirror, by its name. */
    private static String figure(String name) {
        return "Number([...document.querySelectorAll('.fates div')].find(one => one.innerText.startsWith('" + name
                + "'))?.querySelector('dd').innerText.replaceAll(',', '') ?? -1)";
    }

    @Test
    void saysWhenItIsStaleAndRecoversByItself() throws Exception {
        try (DemoStage stage = DemoStage.in(folder)) {
            open(stage);
            browser.awaitText(".weights", "blue");
            rememberToasts();
            stage.stopTurnout();
            browser.awaitText("#link", "stale");
            browser.awaitText("#banner", "No news from Turnout");
            picture("stale");

            stage.startTurnout();
            browser.awaitText("#link", "live");
            browser.await("a word of the restart", "toasts.includes('restarted')");
            browser.await("no banner", "!document.querySelector('#banner .notice')");
            browser.awaitText(".weights", "blue");
        }
    }

    /** A toast goes away by itself, maybe before anybody has looked. */
    private static void rememberToasts() {
        browser.evaluate("window.toasts = ''; new MutationObserver(changes => changes.forEach(change => "
                + "change.addedNodes.forEach(toast => toasts += toast.textContent)))"
                + ".observe(document.querySelector('#toasts'), {childList: true})");
    }

    @Test
    void showsTheProblemsOfARefusedFile() throws Exception {
        try (DemoStage stage = DemoStage.in(folder)) {
            open(stage);
            stage.write("split: {weights: {blue: 90, gren: 10}}", "");
            browser.awaitText("#banner", "The changed configuration was refused");
            browser.press("c");
            browser.awaitText(".problems", "did you mean \"green\"?");
            assertThat(browser.text(".problems")).contains("turnout.yaml", "gren");
            picture("refused-config");
            assertAccessible("refused configuration");
            assertQuiet(stage);
        }
    }

    @Test
    void asksForATokenKeepsItForTheTabAndSaysWhatAViewerMayNotDo() throws Exception {
        String tokens = """
                admin:
                  address: 127.0.0.1:0
                  tokens:
                    - {name: watcher, role: viewer, token: look-2f6b8c1d}
                    - {name: deploy, role: operator, token: move-9d1e4a7b}
                """;
        try (DemoStage stage = DemoStage.with(folder, "split: {weights: {blue: 90, green: 10}}", tokens)) {
            browser.forget();
            browser.open(stage.url());
            enterToken("wrong");
            browser.awaitText("dialog", "The token was not accepted");
            enterToken("look-2f6b8c1d");
            browser.awaitText("#link", "live");
            browser.awaitText(".weights", "blue 90 %");
            browser.press("s");
            browser.awaitText("dialog", "All following requests go to");
            assertThat(browser.text("dialog")).doesNotContain("Your name");
            browser.press("Enter");
            browser.awaitText("dialog .notice", "The token may not do this");
            picture("viewer");
            browser.press("Escape");
            assertThat(weights(stage)).isEqualTo(Map.of("blue", 90, "green", 10));
            assertThat(browser.evaluate("JSON.stringify(localStorage) + document.cookie + location.href")
                            .asString())
                    .doesNotContain("look-");
            assertThat(browser.requests()).noneMatch(address -> address.contains("look-"));

            browser.evaluate("sessionStorage.setItem('turnout.token', 'move-9d1e4a7b')");
            browser.press("x");
            confirm("Revert to blue");
            browser.awaitText(".weights", "blue 100 %");
            assertThat(stage.audit().get(0).actor()).isEqualTo("deploy");
        }
    }

    private static void enterToken(String token) {
        browser.await("the question for a token", "document.querySelector('dialog[open] [name=token]')");
        browser.evaluate("document.querySelector('[name=token]').focus()");
        browser.type(token);
        browser.press("Enter");
        browser.await("the answer", "document.querySelector('[name=token]')?.value !== '" + token + "'");
    }
}
