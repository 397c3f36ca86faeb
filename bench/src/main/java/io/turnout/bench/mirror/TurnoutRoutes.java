package io.turnout.bench.mirror;

import io.turnout.bench.machine.Cores;
import io.turnout.bench.machine.ProcessTree;
import io.turnout.bench.peer.OwnProxy;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.OptionalLong;
import java.util.Set;

/** Turnout with one loop. Confined to the main thread. */
final class TurnoutRoutes implements MirroringProxy {
    private static final int NETWORK = 1;

    private final OwnProxy process;
    private final int port;
    private final int adminPort;

    private TurnoutRoutes(OwnProxy process, int port, int adminPort) {
        this.process = process;
        this.port = port;
        this.adminPort = adminPort;
    }

    static TurnoutRoutes start(Path root, Path folder, Services services, Cores cores)
            throws IOException, InterruptedException {
        int port = OwnProxy.freePort();
        int adminPort = OwnProxy.freePort();
        Path file = folder.resolve("turnout.yaml");
        Files.writeString(file, config(folder, port, adminPort, services));
        return new TurnoutRoutes(OwnProxy.startPinned(root, file, adminPort, cores), port, adminPort);
    }

    private static String config(Path folder, int port, int adminPort, Services services) {
        StringBuilder pools = new StringBuilder();
        StringBuilder routes = new StringBuilder();
        for (Shadow shadow : Shadow.values()) {
            routes.append("  - name: %s%n    match: {host: %s}%n    split: {main: 1}%n"
                    .formatted(route(shadow), shadow.address(NETWORK)));
            if (shadow != Shadow.NONE) {
                pools.append("  %s: {endpoints: [127.0.0.1:%d], protocol: %s}%n"
                        .formatted(shadow.label(), services.port(shadow), shadow == Shadow.H2C ? "h2" : "http1"));
                routes.append("    mirror: {pool: %s, unsafeMethods: true, timeout: 2s, limits: {request: 16MiB}}%n"
                        .formatted(shadow.label()));
            }
        }
        return """
                workers: 1
                listeners: [{name: web, address: 0.0.0.0:%d}]
                admin: {address: 127.0.0.1:%d}
                state: {path: %s}
                pools:
                  main: [127.0.0.1:%d]
                %sroutes:
                %s""".formatted(port, adminPort, folder.resolve("state"), services.mainPort(), pools, routes);
    }

    private static String route(Shadow shadow) {
        return "to-" + shadow.label();
    }

    @Override
    public String name() {
        return "turnout";
    }

    @Override
    public Set<Shadow> shadows() {
        return EnumSet.allOf(Shadow.class);
    }

    @Override
    public InetSocketAddress target(Shadow shadow) {
        return new InetSocketAddress(shadow.address(NETWORK), port);
    }

    @Override
    public ProcessTree tree() {
        return new ProcessTree(process.handle());
    }

    @Override
    public OptionalLong sent(Shadow shadow) throws IOException {
        URI page = URI.create("http://127.0.0.1:" + adminPort + "/metrics");
        try (InputStream in = page.toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith("turnout_mirror_sent_total{"))
                    .filter(line -> line.contains("route=\"" + route(shadow) + "\""))
                    .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .reduce(Long::sum);
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
