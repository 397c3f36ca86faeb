package io.turnout.demo;

import io.turnout.demo.DemoLoad.Total;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the demo does by itself, through the same API that everybody uses: it stands in the audit as done by {@code
 * demo}. Runs on a thread of its own.
 */
public final class DemoStory implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration LONGEST_SCENE = Duration.ofMinutes(5);
    private static final int ANSWERS_TO_SHOW = 200;
    private static final String ROUTE = "/api/v1/routes/shop";
    private static final Behaviour BROKEN = new Behaviour(8, 0, Behaviour.Mode.OK);

    private final Thread thread;

    private DemoStory(Stage stage, Script script) {
        thread = new Thread(() -> play(stage, script), "demo-story");
        thread.setDaemon(true);
        thread.start();
    }

    private interface Script {
        void play(Stage stage) throws IOException, InterruptedException;
    }

    private interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    /** Begins a rollout, and leaves the rest to whoever looks on. */
    public static DemoStory opening(URI admin, DemoBackend green, DemoLoad load, PrintWriter out) {
        return new DemoStory(Stage.of(admin, green, load, out), stage -> {
            stage.pause(5);
            stage.post("/rollout/start", "the demo begins; break green and it comes back");
        });
    }

    /** Shows everything there is, then leaves green to whoever looks on. */
    public static DemoStory tour(URI admin, DemoBackend green, DemoLoad load, PrintWriter out) {
        return new DemoStory(Stage.of(admin, green, load, out), DemoStory::tell);
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private static void play(Stage stage, Script script) {
        try {
            script.play(stage);
        } catch (IOException e) {
            stage.say("the tour ends early: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void tell(Stage stage) throws IOException, InterruptedException {
        stage.pause(3);
        stage.say("1/4  a broken release: green gets a quarter of the users, and fails 8 % of their requests");
        Total before = stage.load().total();
        stage.post("/rollout/start", "version 2");
        stage.pause(6);
        stage.green().behave(BROKEN);
        stage.untilPhase("reverted");
        stage.green().behave(Behaviour.FINE);
        stage.say("     reverted by itself: "
                + stage.route().at("/override/reason").asString() + "; " + stage.wordsSince(before));
        stage.pause(8);

        stage.say("2/4  a healthy one: the mended build gets 25, 50 and 100 %, each step on evidence alone");
        before = stage.load().total();
        stage.post("/rollout/retry", "version 3");
        stage.untilPhase("succeeded");
        stage.say("     succeeded: every user is on green; " + stage.wordsSince(before));
        stage.pause(6);

        stage.say("3/4  a switch and back: one call moves everybody, in force with the next request");
        before = stage.load().total();
        stage.call("POST", "/switch", "{\"to\": \"blue\", \"reason\": \"blue/green, the short way\"}");
        stage.pause(8);
        stage.call("POST", "/switch", "{\"to\": \"green\", \"reason\": \"and back\"}");
        stage.pause(4);
        stage.say("     switched twice; " + stage.wordsSince(before));

        stage.say("4/4  a shadow: a tenth of all requests went to a third version too, whose answers no user ever saw");
        stage.await("compared", stage::answersCompared);
        stage.say(stage.findings());
        stage.pause(6);
        stage.say("     that was the tour; now break green yourself");
    }

    /** What is acted on. */
    private record Stage(HttpClient client, URI admin, DemoBackend green, DemoLoad load, PrintWriter out) {
        static Stage of(URI admin, DemoBackend green, DemoLoad load, PrintWriter out) {
            HttpClient client =
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
            return new Stage(client, admin, green, load, out);
        }

        void say(String text) {
            out.println();
            out.println("=== " + text);
            out.println();
            out.flush();
        }

        /** What became of the users' requests meanwhile, as they counted it. */
        String wordsSince(Total before) {
            return load.total().since(before).inWords();
        }

        void pause(int seconds) throws InterruptedException {
            TimeUnit.SECONDS.sleep(seconds);
        }

        JsonNode route() throws IOException, InterruptedException {
            return call("GET", "", null);
        }

        void untilPhase(String phase) throws IOException, InterruptedException {
            await(phase, () -> route().at("/rollout/phase").asString().equals(phase));
        }

        void await(String what, Condition reached) throws IOException, InterruptedException {
            long end = System.nanoTime() + LONGEST_SCENE.toNanos();
            while (!reached.holds()) {
                if (System.nanoTime() > end) {
                    throw new IOException("not " + what + " within " + LONGEST_SCENE.toSeconds() + " s");
                }
                TimeUnit.MILLISECONDS.sleep(250);
            }
        }

        /** Whether enough answers of the shadow have been held against the primary's to show something. */
        boolean answersCompared() throws IOException, InterruptedException {
            return mirror().at("/comparison/compared").asLong() >= ANSWERS_TO_SHOW
                    && mirror().at("/comparison/fields/0/samples/0").isObject();
        }

        /** What the shadow says differently, with an example. */
        String findings() throws IOException, InterruptedException {
            JsonNode comparison = mirror().get("comparison");
            JsonNode field = comparison.at("/fields/0");
            JsonNode sample = field.at("/samples/0");
            return String.format(
                    Locale.ROOT,
                    "     %d of %d answers compared differ, in %s: %s says %s, the shadow says %s",
                    comparison.get("different").asLong(),
                    comparison.get("compared").asLong(),
                    field.get("field").asString(),
                    sample.get("request").asString(),
                    sample.get("primary").asString(),
                    sample.get("shadow").asString());
        }

        private JsonNode mirror() throws IOException, InterruptedException {
            return call("GET", "/differences", null).at("/mirrors/0");
        }

        void post(String path, String reason) throws IOException, InterruptedException {
            call("POST", path, "{\"reason\": \"" + reason + "\"}");
        }

        JsonNode call(String method, String path, @Nullable String json) throws IOException, InterruptedException {
            HttpRequest.Builder request = HttpRequest.newBuilder(admin.resolve(ROUTE + path))
                    .timeout(Duration.ofSeconds(30))
                    .header("Turnout-Actor", "demo")
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
