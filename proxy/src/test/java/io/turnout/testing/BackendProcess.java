package io.turnout.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A backend in a process of its own, that can be killed and stopped as the operating system does it. Answers every
 * request with its name; the value of {@code x-id} is written down before the answer is.
 */
public final class BackendProcess implements AutoCloseable {
    private final int port;
    private final String name;
    private final Path ids;
    private Process process;

    private BackendProcess(int port, String name, Path ids) {
        this.port = port;
        this.name = name;
        this.ids = ids;
        process = launch();
    }

    /** Starts one on a port that was free a moment ago. */
    public static BackendProcess start(String name, Path folder) {
        return new BackendProcess(freePort(), name, folder.resolve(name + ".ids"));
    }

    private static int freePort() {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Process launch() {
        try {
            Process started = new ProcessBuilder(
                            ProcessHandle.current().info().command().orElse("java"),
                            "-XX:+UseSerialGC",
                            "-XX:TieredStopAtLevel=1",
                            "-Xmx64m",
                            "-cp",
                            System.getProperty("java.class.path"),
                            BackendProcess.class.getName(),
                            Integer.toString(port),
                            name,
                            ids.toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String ready = new BufferedReader(new InputStreamReader(started.getInputStream(), StandardCharsets.UTF_8))
                    .readLine();
            if (!"ready".equals(ready)) {
                throw new IllegalStateException("backend " + name + " does not start");
            }
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where it listens, as in a configuration. */
    public String address() {
        return "127.0.0.1:" + port;
    }

    /** Ends it as {@code kill -9} does. */
    public void kill() {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Starts it again on the same port. */
    public void restart() {
        process = launch();
    }

    /** Stops it where it stands: the kernel still accepts connections, nobody answers. */
    public void freeze() {
        signal("-STOP");
    }

    /** Lets it go on. */
    public void thaw() {
        signal("-CONT");
    }

    private void signal(String signal) {
        try {
            new ProcessBuilder("kill", signal, Long.toString(process.pid()))
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Every {@code x-id} it has received, in order. */
    public List<String> ids() {
        try {
            return Files.exists(ids) ? Files.readAllLines(ids) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        kill();
    }

    /** Runs the backend: port, name, file of ids. */
    public static void main(String[] arguments) throws IOException {
        Path file = Path.of(arguments[2]);
        try (ServerSocket socket =
                new ServerSocket(Integer.parseInt(arguments[0]), 256, InetAddress.getLoopbackAddress())) {
            System.out.println("ready");
            while (true) {
                Socket client = socket.accept();
                client.setTcpNoDelay(true);
                new Thread(() -> serve(client, arguments[1], file)).start();
            }
        }
    }

    private static void serve(Socket client, String name, Path file) {
        String answer = "HTTP/1.1 200 OK\r\nContent-Length: " + name.length() + "\r\n\r\n" + name;
        try (client) {
            var in = new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1));
            OutputStream out = client.getOutputStream();
            boolean close = false;
            for (String line; !close && (line = in.readLine()) != null; ) {
                String id = null;
                for (; line != null && !line.isEmpty(); line = in.readLine()) {
                    String lower = line.toLowerCase(java.util.Locale.ROOT);
                    id = lower.startsWith("x-id: ") ? line.substring("x-id: ".length()) : id;
                    close |= lower.equals("connection: close");
                }
                if (id != null) {
                    Files.writeString(file, id + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                }
                out.write(answer.getBytes(StandardCharsets.ISO_8859_1));
            }
        } catch (IOException e) {
            // The proxy went away; it is the proxy's clients who judge.
        }
    }
}
