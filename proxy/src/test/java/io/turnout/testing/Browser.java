package io.turnout.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The distribution's chromium without a window, driven over its DevTools protocol. One page; what it logs as an error
 * and which addresses it asks for are kept. Confined to the test's thread.
 */
public final class Browser implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Process process;
    private final DevTools tools;

    private Browser(Process process, DevTools tools) {
        this.process = process;
        this.tools = tools;
    }

    /** Starts one with a profile in this folder; the test is skipped where chromium is not installed. */
    public static Browser start(Path folder) {
        String program = Programs.require("chromium");
        try {
            Path profile = Files.createTempDirectory(folder, "profile-");
            // Without a sandbox because tests run as root in containers, where chromium refuses to start with one; the
            // page is our own.
            Process process = new ProcessBuilder(
                            program,
                            "--headless=new",
                            "--no-sandbox",
                            "--disable-gpu",
                            "--disable-dev-shm-usage",
                            "--disable-background-networking",
                            "--disable-component-update",
                            "--no-first-run",
                            "--hide-scrollbars",
                            "--force-color-profile=srgb",
                            "--lang=en-GB",
                            "--remote-debugging-port=0",
                            "--user-data-dir=" + profile,
                            "about:blank")
                    .redirectErrorStream(true)
                    .redirectOutput(profile.resolve("chromium.log").toFile())
                    .start();
            Path ready = profile.resolve("DevToolsActivePort");
            Awaitility.await("chromium, see " + profile)
                    .atMost(60, TimeUnit.SECONDS)
                    .until(() ->
                            Files.exists(ready) && Files.readAllLines(ready).size() >= 2);
            int port = Integer.parseInt(Files.readAllLines(ready).get(0));
            Browser browser = new Browser(process, DevTools.connect(page(port)));
            browser.prepare();
            return browser;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static URI page(int port) {
        JsonNode targets = JSON.readTree(get("http://127.0.0.1:" + port + "/json/list"));
        for (JsonNode target : targets) {
            if (target.get("type").asString().equals("page")) {
                return URI.create(target.get("webSocketDebuggerUrl").asString());
            }
        }
        throw new IllegalStateException("chromium shows no page: " + targets);
    }

    private static String get(String url) {
        try {
            return HTTP.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void prepare() {
        for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
            tools.call(domain + ".enable", Map.of());
        }
        size(1440, 900);
        colours("light");
    }

    /** Sets the size of the page in CSS pixels. */
    public void size(int width, int height) {
        tools.call(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    /** {@code light} or {@code dark}. */
    public void colours(String scheme) {
        tools.call(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    /** Leaves the page, and forgets what it kept and what was seen of it. */
    public void forget() {
        tools.call("Page.navigate", Map.of("url", "about:blank"));
        await("an empty page", "location.href === 'about:blank'");
        tools.events().clear();
    }

    /** Takes any certificate from now on, for servers whose authority is a test's own. */
    public void believeAnybody() {
        tools.call("Security.setIgnoreCertificateErrors", Map.of("ignore", true));
    }

    /** Goes to an address. */
    public void open(String url) {
        tools.call("Page.navigate", Map.of("url", url));
    }

    /** Evaluates an expression, waits for it if it is a promise, and answers its value as JSON. */
    public JsonNode evaluate(String expression) {
        JsonNode answer = tools.call(
                "Runtime.evaluate", Map.of("expression", expression, "awaitPromise", true, "returnByValue", true));
        if (answer.has("exceptionDetails")) {
            throw new AssertionError(expression + " threw " + answer.get("exceptionDetails"));
        }
        return answer.get("result").path("value");
    }

    /** The text of the first element that matches, as it is seen, with single spaces; empty without one. */
    public String text(String selector) {
        return evaluate("document.querySelector(" + quoted(selector) + ")?.innerText ?? ''")
                .asString()
                .replaceAll("\\s+", " ");
    }

    /** Waits until the expression is true. */
    public void await(String what, String expression) {
        Awaitility.await(what)
                .atMost(60, TimeUnit.SECONDS)
                .pollInterval(100, TimeUnit.MILLISECONDS)
                .until(() -> evaluate("Boolean(" + expression + ")").asBoolean());
    }

    /** Waits until the text of the element that matches contains this. */
    public void awaitText(String selector, String part) {
        Awaitility.await(selector + " with " + part)
                .atMost(60, TimeUnit.SECONDS)
                .pollInterval(100, TimeUnit.MILLISECONDS)
                .until(() -> text(selector).contains(part));
    }

    /** Clicks in the middle of the first element that matches. */
    public void click(String selector) {
        await("an element " + selector, "document.querySelector(" + quoted(selector) + ")");
        JsonNode at = evaluate("(() => { const e = document.querySelector(" + quoted(selector) + ");"
                + "e.scrollIntoView({block: 'center'}); const r = e.getBoundingClientRect();"
                + "return {x: r.x + r.width / 2, y: r.y + r.height / 2}; })()");
        for (String type : List.of("mousePressed", "mouseReleased")) {
            tools.call(
                    "Input.dispatchMouseEvent",
                    Map.of(
                            "type",
                            type,
                            "x",
                            at.get("x").asDouble(),
                            "y",
                            at.get("y").asDouble(),
                            "button",
                            "left",
                            "clickCount",
                            1));
        }
    }

    /** Presses one key: a character, or a name such as {@code Enter}, {@code Escape}, {@code Tab}. */
    public void press(String key) {
        boolean named = key.length() > 1;
        String text = named ? (key.equals("Enter") ? "\r" : "") : key;
        int code = switch (key) {
            case "Enter" -> 13;
            case "Escape" -> 27;
            case "Tab" -> 9;
            case "ArrowLeft" -> 37;
            case "ArrowRight" -> 39;
            case "End" -> 35;
            default -> 0;
        };
        tools.call(
                "Input.dispatchKeyEvent",
                text.isEmpty()
                        ? Map.of("type", "rawKeyDown", "key", key, "code", key, "windowsVirtualKeyCode", code)
                        : Map.of("type", "keyDown", "key", key, "text", text, "windowsVirtualKeyCode", code));
        tools.call("Input.dispatchKeyEvent", Map.of("type", "keyUp", "key", key, "windowsVirtualKeyCode", code));
    }

    /** Types into what has the focus. */
    public void type(String text) {
        tools.call("Input.insertText", Map.of("text", text));
    }

    /** Writes what is seen to a PNG file; the whole page where {@code whole}. */
    public void picture(Path file, boolean whole) {
        Map<String, Object> params = Map.of("format", "png", "captureBeyondViewport", whole);
        if (whole) {
            JsonNode size = tools.call("Page.getLayoutMetrics", Map.of()).get("cssContentSize");
            params = Map.of(
                    "format",
                    "png",
                    "captureBeyondViewport",
                    true,
                    "clip",
                    Map.of(
                            "x", 0,
                            "y", 0,
                            "width", evaluate("innerWidth").asInt(),
                            "height", size.get("height").asDouble(),
                            "scale", 1));
        }
        String png = tools.call("Page.captureScreenshot", params).get("data").asString();
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            Files.write(file, Base64.getDecoder().decode(png));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the page logged as an error or threw so far. */
    public List<String> errors() {
        return tools.events().stream()
                .filter(event -> switch (event.get("method").asString()) {
                    case "Runtime.exceptionThrown" -> true;
                    case "Runtime.consoleAPICalled" ->
                        event.at("/params/type").asString().matches("error|warning|assert");
                    case "Log.entryAdded" ->
                        event.at("/params/entry/level").asString().matches("error|warning");
                    default -> false;
                })
                .map(event -> event.get("params").toString())
                .toList();
    }

    /** Every address the page asked for so far. */
    public List<String> requests() {
        return tools.events().stream()
                .filter(event -> event.get("method").asString().equals("Network.requestWillBeSent"))
                .map(event -> event.at("/params/request/url").asString())
                .toList();
    }

    private static String quoted(String text) {
        return JSON.writeValueAsString(text);
    }

    @Override
    public void close() {
        tools.close();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
