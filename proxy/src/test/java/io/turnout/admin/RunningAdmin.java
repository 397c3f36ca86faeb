package io.turnout.admin;

import io.turnout.config.AdminConfig;
import io.turnout.config.ConfigReader;
import io.turnout.config.ConfigResult;
import io.turnout.config.TurnoutConfig;
import io.turnout.control.ConfigText;
import io.turnout.control.Control;
import io.turnout.control.ControlSetup;
import io.turnout.control.NameLookup;
import io.turnout.control.state.StateException;
import io.turnout.model.Ticker;
import io.turnout.telemetry.LoopMeter;
import io.turnout.testing.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** An admin listener on a free port over a real control in a folder of its own; without a data plane. */
public final class RunningAdmin implements AutoCloseable {
    /** Two routes, three pools. */
    public static final String CONFIG = """
            listeners:
              - {name: web, address: 127.0.0.1:0}
              - {name: secure, address: 127.0.0.1:0, tls: {certificates: [{certificate: shop.pem, key: shop.key}]}}
            pools:
              blue: {endpoints: [127.0.0.1:9001, 127.0.0.1:9002]}
              green: {endpoints: [127.0.0.1:9011]}
              spare: {endpoints: [127.0.0.1:9021], tls: {ca: ca.pem}}
            routes:
              - name: shop
                match: {host: shop.example.com}
                rules:
                  - {name: testers, when: {header: {x-canary: always}}, pool: green}
                split: {weights: {blue: 95, green: 5}}
              - name: spare.v1
                match: {host: odd.example.com}
                split: {weights: {spare: 1}}
            """;

    /** Why it is not ready, or null. */
    public final AtomicReference<@Nullable String> obstacle = new AtomicReference<>();

    /** The file. */
    public final Path file;

    private final Control control;
    private final LoopMeter loop = new LoopMeter();
    private final AdminSetup setup;
    private final AdminServer server;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private RunningAdmin(Path folder, String adminYaml) throws IOException, StateException {
        file = folder.resolve("turnout.yaml");
        new TestCertificates(folder).issue("shop", "shop.example.com");
        Files.writeString(file, CONFIG + adminYaml);
        ConfigText text = text();
        ConfigResult read = ConfigReader.read("turnout.yaml", text.yaml(), name -> null, folder);
        if (!(read instanceof ConfigResult.Valid valid)) {
            throw new AssertionError(read.problems().toString());
        }
        TurnoutConfig config = valid.config();
        control = Control.open(new ControlSetup(
                text,
                config,
                valid.warnings(),
                name -> null,
                List.of(loop),
                NameLookup.SYSTEM,
                Ticker.SYSTEM,
                InstantSource.system()));
        control.start(listeners -> {});
        AdminConfig access = config.admin();
        setup = new AdminSetup(
                control, this::text, obstacle::get, () -> access, "1.2.3", InstantSource.system(), List.of());
        server = AdminServer.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), setup);
    }

    /** Without tokens. */
    public static RunningAdmin in(Path folder) throws IOException, StateException {
        return new RunningAdmin(folder, "");
    }

    /** With this as the file's last lines, to say who may ask. */
    public static RunningAdmin in(Path folder, String adminYaml) throws IOException, StateException {
        return new RunningAdmin(folder, adminYaml);
    }

    private ConfigText text() throws IOException {
        return new ConfigText("turnout.yaml", Files.readString(file), file.getParent(), null);
    }

    /** What it answers from. */
    public Control control() {
        return control;
    }

    /** The only loop there would be. */
    public LoopMeter loop() {
        return loop;
    }

    AdminSetup setup() {
        return setup;
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return server.address();
    }

    /** The address as a URL. */
    public String url() {
        return "http://127.0.0.1:" + address().getPort();
    }

    /** A request to the path. */
    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url() + path));
    }

    /** A request with a JSON body. */
    public HttpRequest.Builder json(String method, String path, String body) {
        return request(path)
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .header("Content-Type", "application/json");
    }

    /** Sends it. */
    public HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Gets the path. */
    public HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path).GET());
    }

    @Override
    public void close() {
        server.close();
        control.close();
    }
}
