package io.turnout.bench.peer;

import io.netty.channel.uring.IoUring;
import io.turnout.bench.machine.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Turnout as it was built last, on a transport. Immutable. */
final class TurnoutPeer implements Peer {
    private final Path jar;
    private final String name;
    private final String transport;
    private final Guarding guarding;

    /** Whether the guard watches where the scenario wants it; never is for what it costs. */
    enum Guarding {
        AS_ASKED,
        NEVER
    }

    TurnoutPeer(Path jar, String name, String transport, Guarding guarding) {
        this.jar = jar;
        this.name = name;
        this.transport = transport;
        this.guarding = guarding;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Kind kind() {
        return Kind.JVM;
    }

    @Override
    public boolean hasMetrics() {
        return true;
    }

    @Override
    public Optional<String> refusal(Link link) {
        Throwable cause = transport.equals("io_uring") ? IoUring.unavailabilityCause() : null;
        return Optional.ofNullable(cause).map(reason -> "io_uring does not load: " + reason.getMessage());
    }

    @Override
    public String version() throws Refusal {
        if (!Files.exists(jar)) {
            throw new Refusal("found no " + jar + ", expected it built: mvn -q -pl proxy package -DskipTests");
        }
        return "Turnout on Java " + Runtime.version().feature() + ", " + transport;
    }

    @Override
    public List<String> prepare(PeerSetup setup) throws IOException {
        Path file = setup.folder().resolve("turnout.yaml");
        replace(file, config(setup));
        var command = new ArrayList<>(setup.java().command());
        archive(setup.java().major()).ifPresent(command::add);
        command.addAll(List.of("-jar", jar.toString(), "run", file.toString()));
        return command;
    }

    /** The flag that takes what the script keeps of an earlier run, where it does. */
    private Optional<String> archive(int major) throws IOException {
        boolean cache = major >= 25;
        Path file = jar.resolveSibling("turnout-" + major + (cache ? ".aot" : ".jsa"));
        if (!Files.exists(file)
                || Files.size(file) == 0
                || Files.getLastModifiedTime(file).compareTo(Files.getLastModifiedTime(jar)) < 0) {
            return Optional.empty();
        }
        return Optional.of((cache ? "-XX:AOTCache=" : "-XX:SharedArchiveFile=") + file);
    }

    /** The file is watched: nobody needs to be told. */
    @Override
    public void reload(PeerSetup setup, ProcessHandle process) throws IOException {
        prepare(setup);
    }

    private static void replace(Path file, String text) throws IOException {
        Path aside = file.resolveSibling("turnout.yaml.new");
        Files.writeString(aside, text);
        Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    String config(PeerSetup setup) throws IOException {
        String pools = Stream.concat(setup.pools().stream(), Stream.ofNullable(setup.shadow()))
                .map(pool -> "  %s: {endpoints: [127.0.0.1:%d], protocol: %s, timeouts: {idle: 1h, response: 1h}}%n"
                        .formatted(pool.name(), pool.port(), setup.link().up().isH2() ? "h2" : "http1"))
                .collect(Collectors.joining());
        String weights = setup.pools().stream()
                .map(pool -> pool.name() + ": " + pool.weight())
                .collect(Collectors.joining(", "));
        return """
                workers: %d
                transport: %s
                listeners:
                  - {name: web, address: 127.0.0.1:%d, timeouts: {idle: 1h}}
                %sadmin: {address: 127.0.0.1:%d}
                state: {path: %s}
                pools:
                %sroutes:
                  - name: all
                    split: {weights: {%s}}
                %s%s""".formatted(
                        setup.link().workers(),
                        transport,
                        setup.ports().plain(),
                        front(setup),
                        setup.ports().admin(),
                        setup.folder().resolve("state"),
                        pools,
                        weights,
                        mirror(setup),
                        guard(setup));
    }

    /** A plain listener hears by itself which version is spoken, one with TLS by ALPN. */
    private static String front(PeerSetup setup) throws IOException {
        if (!setup.hasFront()) {
            return "";
        }
        String tls = "";
        if (setup.link().down().isTls()) {
            Credentials files = Credentials.in(setup.folder());
            tls = ", tls: {certificates: [{certificate: %s, key: %s}]}".formatted(files.chain(), files.key());
        }
        return "  - {name: front, address: 127.0.0.1:%d, timeouts: {idle: 1h}%s}%n"
                .formatted(setup.ports().front(), tls);
    }

    private static String mirror(PeerSetup setup) {
        PeerSetup.Pool shadow = setup.shadow();
        return shadow == null
                ? ""
                : "    mirror: {pool: %s, unsafeMethods: true, limits: {request: 16MiB}}%n".formatted(shadow.name());
    }

    private String guard(PeerSetup setup) {
        if (guarding == Guarding.NEVER || setup.watch() == PeerSetup.Watch.OFF || !setup.isSplit()) {
            return "";
        }
        return """
                    guard:
                      stable: %s
                      errorRate: {max: 5%%}
                      latency: {p99: 30s}
                      compare: {to: stable}
                """.formatted(setup.pools().get(0).name());
    }
}
