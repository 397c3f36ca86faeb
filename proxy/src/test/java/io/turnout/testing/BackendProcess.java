package io.turnout.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A backend in a process of its own, that can be killed and stopped as the operating system does it, and told to
 * misbehave. Answers every request with its name; the value of {@code x-id} is written down before the answer is.
 */
public final class BackendProcess implements AutoCloseable {
    /** How a backend behaves. */
    public enum Manner {
        WELL,
        /** Listens no more, and ends its connections with their next answer. */
        REFUSING,
        /** Resets the connection instead of answering. */
        RESETTING,
        /** Answers after two seconds. */
        SLOW
    }

    private static final int SLOW_MILLIS = 2000;
    private static volatile Manner manner = Manner.WELL;

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
            process.waitFor(30, TimeUnit.SECONDS);
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

    /** Lets it behave in this way from now on; returns when it does. */
    public void behave(Manner other) {
        try {
            process.getOutputStream().write((other + "\n").getBytes(StandardCharsets.US_ASCII));
            process.getOutputStream().flush();
            process.getInputStream().read();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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
        int port = Integer.parseInt(arguments[0]);
        ServerSocket socket = listen(port, arguments[1], file);
        System.out.print("ready\n");
        var orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        for (String order; (order = orders.readLine()) != null; ) {
            manner = Manner.valueOf(order);
            if (manner == Manner.REFUSING) {
                socket.close();
            } else if (socket.isClosed()) {
                socket = listen(port, arguments[1], file);
            }
            System.out.print("\n");
            System.out.flush();
        }
    }

    private static ServerSocket listen(int port, String name, Path file) throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 256);
        new Thread(() -> accept(socket, name, file)).start();
        return socket;
    }

    private static void accept(ServerSocket socket, String name, Path file) {
        try {
            while (true) {
                Socket client = socket.accept();
                client.setTcpNoDelay(true);
                new Thread(() -> serve(client, name, file)).start();
            }
        } catch (IOException e) {
            // It refuses connections from now on.
        }
    }

    private static void serve(Socket client, String name, Path file) {
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
                Manner now = manner;
                if (now == Manner.RESETTING) {
                    client.setSoLinger(true, 0);
                    return;
                }
                if (now == Manner.SLOW) {
                    LockSupport.parkNanos(SLOW_MILLIS * 1_000_000L);
                }
                close |= now == Manner.REFUSING;
                out.write(answer(name, close).getBytes(StandardCharsets.ISO_8859_1));
            }
        } catch (IOException e) {
            // The proxy went away; it is the proxy's clients who judge.
        }
    }

    private static String answer(String name, boolean last) {
        return "HTTP/1.1 200 OK\r\nContent-Length: " + name.length() + (last ? "\r\nConnection: close" : "")
                + "\r\n\r\n" + name;
    }
}
