package io.turnout.bench.peer;

import io.turnout.bench.machine.Command;
import io.turnout.bench.machine.MachineFacts;
import io.turnout.bench.machine.Refusal;
import io.turnout.bench.wire.Dialect;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** nginx of the distribution. Stateless. */
final class NginxPeer implements Peer {
    @Override
    public String name() {
        return "nginx";
    }

    @Override
    public Kind kind() {
        return Kind.NATIVE;
    }

    @Override
    public Optional<String> refusal(Link link) {
        return link.up().isH2() ? Optional.of("speaks no HTTP/2 with backends") : Optional.empty();
    }

    @Override
    public String version() throws Refusal {
        return Command.firstLine("nginx", "-v");
    }

    @Override
    public List<String> prepare(PeerSetup setup) throws IOException {
        Path file = setup.folder().resolve("nginx.conf");
        Files.writeString(file, config(setup));
        return List.of("nginx", "-p", setup.folder().toString(), "-c", file.toString(), "-e", "stderr");
    }

    @Override
    public void reload(PeerSetup setup, ProcessHandle process) throws IOException {
        prepare(setup);
        Signals.send("HUP", List.of(process.pid()));
    }

    static String config(PeerSetup setup) throws IOException {
        // A master started by root would run its worker as nobody, who may not enter the folder.
        String user = System.getProperty("user.name").equals("root") ? "user root;\n" : "";
        return user
                + """
                daemon off;
                worker_processes %6$d;
                pid %1$s/nginx.pid;
                error_log stderr error;
                events { worker_connections %5$d; }
                http {
                    access_log off;
                    client_body_temp_path %1$s/body;
                    proxy_temp_path %1$s/proxy;
                    fastcgi_temp_path %1$s/fastcgi;
                    uwsgi_temp_path %1$s/uwsgi;
                    scgi_temp_path %1$s/scgi;
                    keepalive_timeout 1h;
                    keepalive_requests 1000000000;
                    client_max_body_size 0;
                %2$s
                    server {
                        listen 127.0.0.1:%3$d backlog=4096;
                %7$s                        location / {
                            proxy_pass http://%4$s;
                            proxy_http_version 1.1;
                            proxy_set_header Connection "";
                            proxy_set_header Host $host;
                            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                            proxy_request_buffering off;
                            proxy_max_temp_file_size 0;
                            proxy_read_timeout 1h;
                            proxy_send_timeout 1h;
                        }
                    }
                }
                """.formatted(
                                setup.folder(),
                                pools(setup),
                                setup.ports().plain(),
                                target(setup),
                                MachineFacts.openFilesLimit(),
                                setup.link().workers(),
                                front(setup));
    }

    private static String front(PeerSetup setup) throws IOException {
        Dialect down = setup.link().down();
        if (!setup.hasFront()) {
            return "";
        }
        String listen = "        listen 127.0.0.1:%d%s%s backlog=4096;%n"
                .formatted(setup.ports().front(), down.isTls() ? " ssl" : "", down.isH2() ? " http2" : "");
        if (!down.isTls()) {
            return listen;
        }
        Credentials files = Credentials.in(setup.folder());
        return listen + """
                        ssl_certificate %s;
                        ssl_certificate_key %s;
                        ssl_protocols TLSv1.2 TLSv1.3;
                """.formatted(files.chain(), files.key());
    }

    private static String target(PeerSetup setup) {
        return setup.isSplit() ? "$variant" : setup.pools().get(0).name();
    }

    private static String pools(PeerSetup setup) {
        String upstreams = setup.pools().stream()
                .map(pool -> """
                            upstream %s {
                                server 127.0.0.1:%d;
                                keepalive 1024;
                                keepalive_requests 1000000000;
                                keepalive_timeout 1h;
                            }
                        """.formatted(pool.name(), pool.port()))
                .collect(Collectors.joining());
        if (!setup.isSplit()) {
            return upstreams;
        }
        return upstreams
                + """
                    split_clients "$connection.$connection_requests" $variant {
                        %d%% %s;
                        * %s;
                    }
                """.formatted(
                                setup.canaryPercent(),
                                setup.pools().get(1).name(),
                                setup.pools().get(0).name());
    }
}
