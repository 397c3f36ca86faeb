package io.turnout.app;

import io.turnout.control.Settled;
import io.turnout.demo.DemoBackend;
import io.turnout.demo.DemoBackends;
import io.turnout.demo.DemoCalls;
import io.turnout.demo.DemoLoad;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What the console is looked at with: a whole Turnout, the demo's backends behind it, its users in front of it. */
final class DemoStage implements AutoCloseable {
    private static final int REQUESTS_PER_SECOND = 200;

    private final DemoBackends backends = DemoBackends.start();
    final DemoBackend blue = backends.blue();
    final DemoBackend green = backends.green();
    final DemoBackend shadow = backends.shadow();
    private final Path file;
    private Turnout turnout;
    private DemoLoad load;

    private DemoStage(Path file, String route, String more) throws IOException, StartFailure {
        this.file = file;
        write(route, more);
        turnout = start();
        load = startLoad();
    }

    /** With this as the rest of the route named shop, and these as further lines of the file. */
    static DemoStage with(Path folder, String route, String more) throws IOException, StartFailure {
        return new DemoStage(folder.resolve("turnout.yaml"), route, more);
    }

    /** The split and guard of the demo. */
    static DemoStage in(Path folder) throws IOException, StartFailure {
        return with(folder, """
                split: {weights: {blue: 90, green: 10}, key: {cookie: uid}}
                    guard: {stable: blue, compare: {to: stable}}
                """, "");
    }

    void write(String route, String more) throws IOException {
        Files.writeString(file, """
                listeners: [{name: web, address: 127.0.0.1:0}]
                workers: 1
                pools:
                  blue: {endpoints: %s, timeouts: {response: 2s}}
                  green: {endpoints: %s, timeouts: {response: 2s}}
                  shadow: {endpoints: %s}
                routes:
                  - name: shop
                    %s
                %s
                """.formatted(
                        blue.addresses(),
                        green.addresses(),
                        shadow.addresses(),
                        route,
                        more.contains("admin:") ? more : "admin: {address: 127.0.0.1:0}\n" + more));
    }

    private Turnout start() throws StartFailure {
        return Turnout.start(file, new DemoCalls(blue, green).calls());
    }

    private DemoLoad startLoad() {
        return DemoLoad.start(
                URI.create("http://127.0.0.1:" + turnout.address("web").getPort() + "/"), REQUESTS_PER_SECOND);
    }

    /** Address of the console. */
    String url() {
        return "http://127.0.0.1:" + turnout.adminAddress().getPort() + "/";
    }

    Turnout turnout() {
        return turnout;
    }

    /** Ends the process, as far as a browser can tell, and leaves its place empty. */
    int stopTurnout() throws IOException {
        int port = turnout.adminAddress().getPort();
        load.close();
        turnout.close();
        Files.writeString(file, Files.readString(file).replace("127.0.0.1:0}\n", "127.0.0.1:" + port + "}\n"));
        return port;
    }

    /** Starts it again from the same files, at the same admin address. */
    void startTurnout() throws StartFailure {
        turnout = start();
        load = startLoad();
    }

    /** What was done last, newest first. */
    List<io.turnout.adminapi.AuditEntry> audit() {
        return Settled.audit(turnout.control(), 20);
    }

    @Override
    public void close() {
        load.close();
        turnout.close();
        backends.close();
    }
}
