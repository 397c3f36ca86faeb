package io.turnout.bench.mirror;

import io.turnout.bench.machine.Cores;
import io.turnout.bench.machine.ProcessTree;
import io.turnout.bench.machine.Refusal;
import io.turnout.bench.peer.OwnProxy;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** nginx of the distribution with one worker and its {@code mirror} directive. Confined to the main thread. */
final class NginxRoutes implements MirroringProxy {
    private static final int NETWORK = 2;
    private static final int LOOKS = 200;

    private final Process process;
    private final int port;

    private NginxRoutes(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    static NginxRoutes start(Path folder, Services services, Cores cores)
            throws IOException, InterruptedException, Refusal {
        int port = OwnProxy.freePort();
        Path file = folder.resolve("nginx.conf");
        Files.writeString(file, config(folder, port, services));
        Path log = folder.resolve("nginx.log");
        Process process = new ProcessBuilder(cores.pinnedToProxy(
                        List.of("nginx", "-p", folder.toString(), "-c", file.toString(), "-e", "stderr")))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy, "nginx-killer"));
        NginxRoutes started = new NginxRoutes(process, port);
        for (int i = 0; i < LOOKS && process.isAlive(); i++) {
            if (started.listens()) {
                return started;
            }
            Thread.sleep(20);
        }
        process.destroy();
        throw new Refusal("nginx did not come up; leave it out of --proxies, or see to it: " + Files.readString(log));
    }

    private boolean listens() {
        try (Socket socket = new Socket()) {
            socket.connect(target(Shadow.NONE), 1000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** With a mirror, nginx reads a body whole before it sends any of it; in memory, or it would measure the disk. */
    private static String config(Path folder, int port, Services services) {
        // A master started by root would run its worker as nobody, who may not enter the folder.
        String user = System.getProperty("user.name").equals("root") ? "user root;\n" : "";
        String common = """
                            proxy_http_version 1.1;
                            proxy_set_header Connection "";
                            proxy_set_header Host $host;
                            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                """;
        return user
                + """
                daemon off;
                worker_processes 1;
                pid %1$s/nginx.pid;
                error_log stderr error;
                events { worker_connections 4096; }
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
                    client_body_buffer_size 16m;
                    upstream main {
                        server 127.0.0.1:%2$d;
                        keepalive 1024;
                        keepalive_requests 1000000000;
                        keepalive_timeout 1h;
                    }
                    upstream shadow {
                        server 127.0.0.1:%3$d;
                        keepalive 1024;
                        keepalive_requests 1000000000;
                        keepalive_timeout 1h;
                    }
                    server {
                        listen %4$s:%6$d backlog=4096;
                        location / {
                            proxy_pass http://main;
                            proxy_request_buffering off;
                %7$s        }
                    }
                    server {
                        listen %5$s:%6$d backlog=4096;
                        location / {
                            mirror /copy;
                            proxy_pass http://main;
                %7$s        }
                        location = /copy {
                            internal;
                            proxy_pass http://shadow$request_uri;
                            proxy_set_header Turnout-Mirror shadow;
                %7$s        }
                    }
                }
                """.formatted(
                                folder,
                                services.mainPort(),
                                services.port(Shadow.HEALTHY),
                                Shadow.NONE.address(NETWORK),
                                Shadow.HEALTHY.address(NETWORK),
                                port,
                                common);
    }

    @Override
    public String name() {
        return "nginx";
    }

    @Override
    public Set<Shadow> shadows() {
        return EnumSet.of(Shadow.NONE, Shadow.HEALTHY);
    }

    @Override
    public InetSocketAddress target(Shadow shadow) {
        return new InetSocketAddress(shadow.address(NETWORK), port);
    }

    @Override
    public ProcessTree tree() {
        return new ProcessTree(process.toHandle());
    }

    @Override
    public OptionalLong sent(Shadow shadow) {
        return OptionalLong.empty();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
