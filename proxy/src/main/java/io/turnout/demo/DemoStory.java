package io.turnout.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A tour that plays by itself, through the same API that everybody uses: what it does stands in the audit as done by
 * {@code story}. Runs on a thread of its own.
 */
public final class DemoStory implements AutoCloseable {
    /** No tour. */
    public static final DemoStory NONE = new DemoStory();

    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration LONGEST_SCENE = Duration.ofMinutes(3);
    private static final String ROUTE = "/api/v1/routes/shop";

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final @Nullable Thread thread;

    private DemoStory() {
        thread = null;
    }

    private DemoStory(URI admin, DemoBackend green, PrintWriter out) {
        thread = new Thread(() -> tell(new Stage(client, admin, green, out)), "demo-story");
        thread.setDaemon(true);
        thread.start();
    }

    /** Starts to play. */
    public static DemoStory play(URI admin, DemoBackend green, PrintWriter out) {
        return new DemoStory(admin, green, out);
    }

    @Override
    public void close() {
        if (thread != null) {
            thread.interrupt();
        }
    }

    private static void tell(Stage stage) {
        try {
            stage.say("1/3  green gets 10 % of the users and does well: the guard sees nothing against it");
            stage.pause(15);
            stage.say("2/3  green begins to fail 8 % of its requests; watch the evidence grow");
            stage.green().behave(new Behaviour(8, 0, Behaviour.Mode.OK));
            stage.until("reverted", route -> route.at("/guard/state").asString().equals("reverted"));
            stage.say("     reverted by itself: "
                    + stage.route().at("/override/reason").asString());
            stage.pause(12);
            stage.green().behave(Behaviour.FINE);
            stage.say("3/3  green is mended; one call switches everybody to it, the next takes them back");
            stage.call("POST", "/switch", "{\"to\": \"green\", \"reason\": \"version 2 is mended\"}");
            stage.pause(10);
            stage.call("POST", "/switch", "{\"to\": \"blue\", \"reason\": \"and back\"}");
            stage.pause(5);
            stage.call("DELETE", "/override", "{\"reason\": \"the tour is over\"}");
            stage.say("     that was the tour; now break green yourself");
        } catch (IOException e) {
            stage.say("the tour ends early: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What the tour acts on. */
    private record Stage(HttpClient client, URI admin, DemoBackend green, PrintWriter out) {
        void say(String text) {
            out.println();
            out.println("=== " + text);
            out.flush();
        }

        void pause(int seconds) throws InterruptedException {
            TimeUnit.SECONDS.sleep(seconds);
        }

        JsonNode route() throws IOException, InterruptedException {
            return call("GET", "", null);
        }

        void until(String what, Predicate<JsonNode> reached) throws IOException, InterruptedException {
            long end = System.nanoTime() + LONGEST_SCENE.toNanos();
            while (!reached.test(route())) {
                if (System.nanoTime() > end) {
                    throw new IOException("not " + what + " within " + LONGEST_SCENE.toSeconds() + " s");
                }
                TimeUnit.MILLISECONDS.sleep(250);
            }
        }

        JsonNode call(String method, String path, @Nullable String json) throws IOException, InterruptedException {
            HttpRequest.Builder request = HttpRequest.newBuilder(admin.resolve(ROUTE + path))
                    .timeout(Duration.ofSeconds(30))
                    .header("Turnout-Actor", "story")
                    .method(
                            method,
                            json == null
                                    ? HttpRequest.BodyPublishers.noBody()
                                    : HttpRequest.BodyPublishers.ofString(json));
            if (json != null) {
                request.header("Content-Type", "application/json");
            }
            HttpResponse<String> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IOException(method + " " + path + " answered " + answer.statusCode() + " " + answer.body());
            }
            return JSON.readTree(answer.body());
        }
    }
}
