package io.turnout.bench.peer;

import io.turnout.bench.machine.Command;
import io.turnout.bench.machine.MachineFacts;
import io.turnout.bench.machine.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** HAProxy of the distribution. Stateless. */
final class HaproxyPeer implements Peer {
    /** Files it needs besides two for each connection. */
    private static final long RESERVED_FILES = 100;

    @Override
    public String name() {
        return "haproxy";
    }

    @Override
    public Kind kind() {
        return Kind.NATIVE;
    }

    @Override
    public Optional<String> refusal(Link link) {
        return Optional.empty();
    }

    @Override
    public String version() throws Refusal {
        return Command.firstLine("haproxy", "-v");
    }

    /** With a master, for that is how it is reloaded without losing a connection. */
    @Override
    public List<String> prepare(PeerSetup setup) throws IOException {
        Path file = setup.folder().resolve("haproxy.cfg");
        Files.writeString(file, config(setup));
        return List.of("haproxy", "-W", "-db", "-f", file.toString());
    }

    @Override
    public void reload(PeerSetup setup, ProcessHandle process) throws IOException {
        prepare(setup);
        Signals.send("USR2", List.of(process.pid()));
    }

    static String config(PeerSetup setup) throws IOException {
        return """
                global
                    nbthread %d
                    maxconn %d
                defaults
                    mode http
                    option forwardfor
                    http-reuse always
                    timeout connect 5s
                    timeout client 1h
                    timeout server 1h
                    timeout http-keep-alive 1h
                frontend web
                    bind 127.0.0.1:%d backlog 4096
                %s%s    default_backend %s
                %s""".formatted(
                setup.link().workers(),
                MachineFacts.openFilesLimit() / 2 - RESERVED_FILES,
                setup.ports().plain(),
                front(setup),
                setup.isSplit()
                        ? "    use_backend %s if { rand(100) lt %d }%n"
                                .formatted(setup.pools().get(1).name(), setup.canaryPercent())
                        : "",
                setup.pools().get(0).name(),
                setup.pools().stream().map(pool -> backend(pool, setup.link())).collect(Collectors.joining()));
    }

    private static String front(PeerSetup setup) throws IOException {
        if (!setup.hasFront()) {
            return "";
        }
        String spoken = switch (setup.link().down()) {
            case H1 -> "";
            case H2C -> "proto h2";
            case H1_TLS, H2_TLS -> "ssl crt " + Credentials.in(setup.folder()).both() + " alpn h2,http/1.1";
        };
        return "    bind 127.0.0.1:%d backlog 4096 %s%n".formatted(setup.ports().front(), spoken);
    }

    private static String backend(PeerSetup.Pool pool, Link link) {
        return """
                backend %1$s
                    server %1$s1 127.0.0.1:%2$d%3$s
                """.formatted(pool.name(), pool.port(), link.up().isH2() ? " proto h2" : "");
    }
}
