package io.turnout.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.awaitility.Awaitility;

/** A real nginx that answers every request with one word, in a folder of its own. */
public final class Nginx implements AutoCloseable {
    private final Process process;
    private final int port;

    private Nginx(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts one that says this word; the test is skipped where nginx is not installed. */
    public static Nginx saying(String word, Path folder) {
        return start(word, folder, " backlog=1024;");
    }

    /** The same over TLS, HTTP/2 and HTTP/1.1 by ALPN, showing {@code NAME.pem} of the folder. */
    public static Nginx sayingSecurely(String word, Path folder, String name) {
        return start(
                word,
                folder,
                " ssl http2 backlog=1024; ssl_certificate " + folder.resolve(name + ".pem") + "; ssl_certificate_key "
                        + folder.resolve(name + ".key") + ";");
    }

    private static Nginx start(String word, Path folder, String listening) {
        String program = Programs.require("nginx");
        try {
            int port = freePort();
            Path home = Files.createDirectories(folder.resolve("nginx-" + word + "-" + port));
            Path config = home.resolve("nginx.conf");
            Files.writeString(
                    config,
                    "daemon off; worker_processes 1; pid " + home + "/pid; error_log " + home + "/error.log;\n"
                            + "events { worker_connections 1024; }\n"
                            + "http { access_log off; keepalive_requests 1000000000; client_body_temp_path " + home
                            + "/b; proxy_temp_path " + home + "/p; fastcgi_temp_path " + home + "/f; uwsgi_temp_path "
                            + home + "/u; scgi_temp_path " + home + "/s;\n"
                            + "server { listen 127.0.0.1:" + port + listening + " location / { return 200 '" + word
                            + "'; } } }\n");
            Process process = new ProcessBuilder(program, "-c", config.toString(), "-e", home + "/error.log")
                    .redirectErrorStream(true)
                    .redirectOutput(home.resolve("out").toFile())
                    .start();
            Nginx nginx = new Nginx(process, port);
            Awaitility.await().until(nginx::answers);
            return nginx;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean answers() {
        try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return probe.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** A port nobody listens on at the moment. */
    public static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    /** Port it listens on. */
    public int port() {
        return port;
    }

    @Override
    public void close() {
        // The master first: it would start another worker in the place of one that is killed.
        List<ProcessHandle> workers = process.descendants().toList();
        process.destroyForcibly();
        workers.forEach(ProcessHandle::destroyForcibly);
    }
}
