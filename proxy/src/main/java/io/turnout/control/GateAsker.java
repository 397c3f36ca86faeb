package io.turnout.control;

import io.turnout.config.RolloutConfig;
import java.io.Closeable;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks the webhooks in front of steps, away from the control thread: a gate that hangs holds up nothing but its step.
 *
 * <p>{@link #ask} and {@link #close} never block. Each question is answered once, on a thread of the HTTP client, by a
 * command to control.
 */
final class GateAsker implements Closeable {
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final Consumer<Command> answers;
    private final Map<Long, CompletableFuture<?>> running = new ConcurrentHashMap<>();
    private long asked;
    private @Nullable HttpClient client;

    GateAsker(Consumer<Command> answers) {
        this.answers = answers;
    }

    /**
     * A question.
     *
     * @param gate its name
     * @param webhook where to ask, and how long to wait
     * @param canaryPpm the share that waits behind the gate
     */
    record Question(
            String route, String gate, RolloutConfig.Gate webhook, String canary, String stable, int canaryPpm) {}

    /** Asks; the answer comes as a command, after the gate's timeout at the latest. Control thread only. */
    void ask(Question question) {
        long waitMillis = question.webhook().timeout().toMillis();
        CompletableFuture<HttpResponse<Void>> sent = client().sendAsync(request(question), BodyHandlers.discarding());
        long number = ++asked;
        running.put(number, sent);
        // A copy: only the future of the client itself takes its connection along when it is cancelled.
        sent.copy().orTimeout(waitMillis, TimeUnit.MILLISECONDS).whenComplete((response, failure) -> {
            running.remove(number);
            sent.cancel(true);
            boolean opened = response != null && response.statusCode() / 100 == 2;
            String text = response == null ? why(failure, waitMillis) : "it answered " + response.statusCode();
            answers.accept(new Command.AnswerGate(question.route(), question.gate(), opened, text));
        });
    }

    private HttpClient client() {
        HttpClient known = client;
        if (known == null) {
            // A gate that redirects would be answered by a place that nobody configured.
            known = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .build();
            client = known;
        }
        return known;
    }

    private static HttpRequest request(Question question) {
        Map<String, Object> body = Map.of(
                "route",
                question.route(),
                "gate",
                question.gate(),
                "canary",
                question.canary(),
                "stable",
                question.stable(),
                "weight",
                question.canaryPpm() / 1e6);
        return HttpRequest.newBuilder(question.webhook().url())
                .timeout(question.webhook().timeout())
                .header("Content-Type", "application/json")
                .header("User-Agent", "turnout")
                .POST(BodyPublishers.ofByteArray(MAPPER.writeValueAsBytes(body)))
                .build();
    }

    private static String why(Throwable failure, long waitMillis) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        boolean late = cause instanceof TimeoutException || cause instanceof java.net.http.HttpTimeoutException;
        if (late) {
            return "no answer within " + waitMillis + " ms";
        }
        return cause instanceof IOException ? "no connection: " + cause : "bug: " + cause;
    }

    /** Gives up all questions. */
    @Override
    public void close() {
        running.values().forEach(question -> question.cancel(true));
    }
}
