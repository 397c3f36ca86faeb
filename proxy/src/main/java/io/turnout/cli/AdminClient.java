package io.turnout.cli;

import io.turnout.adminapi.ChangeAnswer;
import io.turnout.adminapi.ProblemDetail;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Speaks to the admin API. Whatever does not succeed is a {@link CommandFailure} with its exit code. Confined to one
 * thread.
 */
final class AdminClient {
    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(3);

    /** More than the server takes to say that a change was not confirmed. */
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(40);

    private static final String INVALID_CONFIG = "urn:turnout:problem:invalid-config";
    private static final String UNREADABLE_CONFIG = "urn:turnout:problem:unreadable-config";

    private final URI base;
    private final @Nullable String token;
    private final boolean jsonProblems;

    private final HttpClient http;

    /**
     * @param trust for https; null for whom Java trusts
     */
    AdminClient(URI base, @Nullable String token, @Nullable SSLContext trust, boolean jsonProblems) {
        this.base = base;
        this.token = token;
        this.jsonProblems = jsonProblems;
        // Proxies of the system are for the way out, not for the way to one's own admin port.
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_WITHIN)
                .proxy(HttpClient.Builder.NO_PROXY);
        http = (trust == null ? builder : builder.sslContext(trust)).build();
    }

    /** An answer as it came and as it is to be read. */
    record Received<T>(String json, T value) {}

    /** A segment of a path: a name in which nothing has a meaning of its own. */
    static String segment(String name) {
        String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
        return switch (encoded) {
            case "." -> "%2E";
            case ".." -> "%2E%2E";
            default -> encoded;
        };
    }

    <T> Received<T> look(String path, Class<T> type) throws CommandFailure {
        return received(sent(request(path).GET()), type);
    }

    <T> Received<T> ask(String path, Object question, Class<T> type) throws CommandFailure {
        return received(sent(request(path).POST(json(question)).header("Content-Type", "application/json")), type);
    }

    /** One who listens to the event stream. */
    @FunctionalInterface
    interface Hearer {
        /** Takes an event; false ends the listening. */
        boolean hear(EventReader.Event event) throws CommandFailure;
    }

    /**
     * Listens until the hearer has heard enough, or the stream ends.
     *
     * @param lastEventId where to go on, or null for the beginning
     * @return false if the stream ended by itself
     * @throws CommandFailure if the stream cannot be had
     */
    boolean listen(@Nullable String lastEventId, Hearer hearer) throws CommandFailure {
        HttpRequest.Builder request = request("/api/v1/events").GET();
        if (lastEventId != null) {
            request.header("Last-Event-ID", lastEventId);
        }
        HttpResponse<InputStream> response = answered(request, HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream body = response.body()) {
            if (response.statusCode() / 100 != 2) {
                throw refused(response, new String(body.readAllBytes(), StandardCharsets.UTF_8));
            }
            EventReader events = new EventReader(body);
            EventReader.Event event = events.next();
            while (event != null && hearer.hear(event)) {
                event = events.next();
            }
            return event != null;
        } catch (IOException e) {
            return false;
        }
    }

    Received<ChangeAnswer> change(String method, String path, Object change, ChangeOptions options)
            throws CommandFailure {
        HttpRequest.Builder request = request(path)
                .method(method, json(change))
                .header("Content-Type", "application/json")
                .header("Turnout-Source", "cli");
        String user = actor();
        if (!user.isEmpty()) {
            request.header("Turnout-Actor", user);
        }
        if (options.generation() != null) {
            request.header("If-Match", "\"" + options.generation() + "\"");
        }
        return received(sent(request), ChangeAnswer.class);
    }

    /** Who is logged in here, as far as it can stand in a header field. */
    private static String actor() {
        String user = System.getProperty("user.name", "").replaceAll("[^\\x21-\\x7e]", "");
        // In a container without an entry for the user the platform says a question mark.
        return user.equals("?") ? "" : user.substring(0, Math.min(user.length(), 100));
    }

    private HttpRequest.Builder request(String path) {
        String root = base.toString();
        String trimmed = root.endsWith("/") ? root.substring(0, root.length() - 1) : root;
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(trimmed + path)).timeout(ANSWER_WITHIN);
        return token == null ? request : request.header("Authorization", "Bearer " + token);
    }

    private static HttpRequest.BodyPublisher json(Object value) {
        return HttpRequest.BodyPublishers.ofString(Json.written(value));
    }

    private HttpResponse<String> sent(HttpRequest.Builder request) throws CommandFailure {
        HttpResponse<String> response = answered(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() / 100 != 2) {
            throw refused(response, response.body());
        }
        return response;
    }

    private <B> HttpResponse<B> answered(HttpRequest.Builder request, HttpResponse.BodyHandler<B> body)
            throws CommandFailure {
        try {
            return http.send(request.build(), body);
        } catch (IOException e) {
            String cause = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            throw new CommandFailure(
                    ExitCode.UNREACHABLE,
                    "cannot reach the admin API at " + base + ": " + cause
                            + "\nIs Turnout running there? Say where with --admin or TURNOUT_ADMIN.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure(ExitCode.NEGATIVE, "interrupted");
        }
    }

    private CommandFailure refused(HttpResponse<?> response, String body) {
        boolean isProblem = response.headers()
                .firstValue("Content-Type")
                .filter(type -> type.startsWith("application/problem+json"))
                .isPresent();
        if (!isProblem) {
            return notTurnout("HTTP status " + response.statusCode());
        }
        ProblemDetail problem;
        try {
            problem = Json.read(body, ProblemDetail.class);
        } catch (JacksonException e) {
            return notTurnout("an unreadable problem");
        }
        return new CommandFailure(exitCode(problem), jsonProblems ? body : Printable.text(told(problem)));
    }

    private CommandFailure notTurnout(String found) {
        return new CommandFailure(
                ExitCode.UNREACHABLE, "found " + found + " at " + base + ", expected the admin API of Turnout");
    }

    private static String told(ProblemDetail problem) {
        var text = new StringBuilder(problem.title()).append(": ").append(problem.detail());
        problem.problems().forEach(each -> text.append('\n').append(each.text()));
        return text.toString();
    }

    private static int exitCode(ProblemDetail problem) {
        if (problem.type().equals(INVALID_CONFIG) || problem.type().equals(UNREADABLE_CONFIG)) {
            return ExitCode.INVALID_CONFIG;
        }
        return problem.status() == 409 || problem.status() == 412 ? ExitCode.CONFLICT : ExitCode.NEGATIVE;
    }

    private <T> Received<T> received(HttpResponse<String> response, Class<T> type) throws CommandFailure {
        try {
            return new Received<>(response.body(), Json.read(response.body(), type));
        } catch (JacksonException e) {
            throw notTurnout("another answer");
        }
    }
}
