package io.turnout.bench.peer;

import io.turnout.bench.machine.Command;
import io.turnout.bench.machine.Cores;
import io.turnout.bench.machine.ProcessTree;
import io.turnout.bench.machine.Refusal;
import io.turnout.bench.wire.HarnessLoop;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A peer that runs, pinned to the proxy's core. Confined to the harness's main thread.
 *
 * <p>While it is not its turn it is stopped by signal, so that of several peers that are warm only one can take time.
 */
public final class PeerProcess implements AutoCloseable {
    private static final long START_LIMIT_NANOS = 60_000_000_000L;
    private static final long PROBE_PAUSE_NANOS = 1_000_000;
    private static final int PROBE_MILLIS = 2000;
    private static final Pattern USED_HEAP = Pattern.compile("total \\d+K, used (\\d+)K");

    private final Peer peer;
    private final Process process;
    private final ProcessTree tree;
    private final Thread killer;
    private final Path log;
    private final List<String> command;
    private PeerSetup setup;
    private long startNanos;

    private PeerProcess(Peer peer, PeerSetup setup, List<String> command) throws IOException {
        this.peer = peer;
        this.setup = setup;
        this.command = command;
        log = setup.folder().resolve(peer.name() + ".log");
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        tree = new ProcessTree(process.toHandle());
        killer = new Thread(this::kill, "peer-killer");
        Runtime.getRuntime().addShutdownHook(killer);
    }

    /**
     * Starts a peer and waits until it has answered a request.
     *
     * @throws Refusal if it does not come up
     */
    public static PeerProcess start(Peer peer, PeerSetup setup, Cores cores) throws IOException, Refusal {
        Files.createDirectories(setup.folder());
        List<String> command = pinned(cores, setup.link(), peer.prepare(setup));
        long from = System.nanoTime();
        PeerProcess started = new PeerProcess(peer, setup, command);
        try {
            started.awaitAnswer(from);
        } catch (Refusal e) {
            started.close();
            throw e;
        }
        return started;
    }

    private static List<String> pinned(Cores cores, Link link, List<String> command) {
        return link.workers() > 1 ? cores.pinnedToBoth(command) : cores.pinnedToProxy(command);
    }

    /** What it is called in results. */
    public String name() {
        return setup.link().nameOf(peer);
    }

    /** What is spoken with it. */
    public Link link() {
        return setup.link();
    }

    /** The peer. */
    public Peer peer() {
        return peer;
    }

    /** How it was started. */
    public List<String> command() {
        return command;
    }

    /** Its processes. */
    public ProcessTree tree() {
        return tree;
    }

    /** From its start to its first answer. */
    public long startNanos() {
        return startNanos;
    }

    /** Where it takes requests. */
    public InetSocketAddress target() {
        return HarnessLoop.loopback(setup.target());
    }

    /** Where its own metrics would be scraped. */
    public InetSocketAddress admin() {
        return HarnessLoop.loopback(setup.ports().admin());
    }

    /** Makes it take over other weights while it runs. */
    public void reload(int stable, int canary) throws IOException {
        setup = setup.weighed(stable, canary);
        peer.reload(setup, process.toHandle());
    }

    /** Stops it where it is, until {@link #resume}. */
    public void pause() throws IOException {
        Signals.send("STOP", tree.pids());
    }

    /** Lets it go on. */
    public void resume() throws IOException {
        Signals.send("CONT", tree.pids());
    }

    /**
     * Live objects of a JVM peer after a full collection, in KiB; 0 for others.
     *
     * @throws Refusal if the Java that runs it has no {@code jcmd}
     */
    public long liveHeapKib() throws IOException, Refusal {
        if (peer.kind() != Peer.Kind.JVM) {
            return 0;
        }
        if (!setup.java().hasJcmd()) {
            throw new Refusal("found no " + setup.java().jcmd() + "; memory of a JVM is counted with it: use a JDK");
        }
        String pid = Long.toString(process.pid());
        String jcmd = setup.java().jcmd().toString();
        Command.output(List.of(jcmd, pid, "GC.run"));
        return usedHeapKib(Command.output(List.of(jcmd, pid, "GC.heap_info")));
    }

    static long usedHeapKib(String heapInfo) {
        Matcher matcher = USED_HEAP.matcher(heapInfo);
        long sum = 0;
        while (matcher.find()) {
            sum += Long.parseLong(matcher.group(1));
        }
        return sum;
    }

    /**
     * Makes sure that it still runs.
     *
     * @throws Refusal if it has ended, with the end of its log
     */
    public void requireAlive() throws Refusal {
        if (!process.isAlive()) {
            throw new Refusal(peer.name() + " ended with status " + process.exitValue() + ". It said: " + lastWords());
        }
    }

    private void awaitAnswer(long fromNanos) throws Refusal {
        while (!answers()) {
            requireAlive();
            if (System.nanoTime() - fromNanos > START_LIMIT_NANOS) {
                throw new Refusal(peer.name() + " gave no answer within 60 s of its start. It said: " + lastWords());
            }
            LockSupport.parkNanos(PROBE_PAUSE_NANOS);
        }
        startNanos = System.nanoTime() - fromNanos;
    }

    private boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(HarnessLoop.loopback(setup.ports().plain()), PROBE_MILLIS);
            socket.setSoTimeout(PROBE_MILLIS);
            String request = "GET /1k HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            String start = new String(in.readNBytes(12), StandardCharsets.US_ASCII);
            return start.equals("HTTP/1.1 200");
        } catch (IOException e) {
            return false;
        }
    }

    private String lastWords() {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join(" | ", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
        } catch (IOException e) {
            return "(no log: " + e.getMessage() + ")";
        }
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(killer);
        kill();
    }

    /**
     * Whatever it is doing: figures have been read, and a stopped process would not hear a polite word. The root goes
     * first, for a master would replace a worker that went before it.
     */
    private void kill() {
        List<ProcessHandle> workers = process.toHandle().descendants().toList();
        process.destroyForcibly();
        workers.forEach(ProcessHandle::destroyForcibly);
        try {
            process.waitFor(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
