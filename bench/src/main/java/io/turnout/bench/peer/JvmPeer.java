package io.turnout.bench.peer;

import io.turnout.bench.machine.Refusal;
import io.turnout.bench.wire.Dialect;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Another proxy on the JVM, built from {@code bench/peers} and started with the same flags as Turnout. Immutable. */
final class JvmPeer implements Peer {
    private final Path folder;
    private final String name;
    private final String mainClass;
    private final String library;

    /**
     * @param peers where {@code bench/peers} is
     * @param name of the peer and of its folder there
     * @param library whose version is the peer's
     */
    JvmPeer(Path peers, String name, String mainClass, String library) {
        folder = peers.resolve(name).resolve("target");
        this.name = name;
        this.mainClass = mainClass;
        this.library = library;
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
    public Optional<String> refusal(Link link) {
        boolean plain = link.down() == Dialect.H1 && link.up() == Dialect.H1 && link.workers() == 1;
        return plain ? Optional.empty() : Optional.of("set up for HTTP/1.1 in plain text and one worker only");
    }

    @Override
    public String version() throws Refusal {
        Path classPath = folder.resolve("classpath.txt");
        if (!Files.exists(classPath)) {
            throw new Refusal("found no " + classPath + ", expected it built: mvn -q -f bench/peers package");
        }
        try {
            Matcher matcher = Pattern.compile(Pattern.quote(library) + "-(\\d[^/]*)\\.jar")
                    .matcher(Files.readString(classPath));
            return library + " " + (matcher.find() ? matcher.group(1) : "?") + " on Java "
                    + Runtime.version().feature();
        } catch (IOException e) {
            throw new Refusal("cannot read " + classPath + ": " + e.getMessage());
        }
    }

    @Override
    public List<String> prepare(PeerSetup setup) throws IOException {
        var command = new ArrayList<>(setup.java().command());
        String libraries = Files.readString(folder.resolve("classpath.txt")).strip();
        command.addAll(List.of("-cp", folder.resolve("classes") + ":" + libraries, mainClass));
        command.addAll(arguments(setup));
        return command;
    }

    /** Its own port, then port and weight of each pool. */
    static List<String> arguments(PeerSetup setup) {
        var arguments = new ArrayList<String>();
        arguments.add(Integer.toString(setup.ports().plain()));
        for (PeerSetup.Pool pool : setup.pools()) {
            arguments.add(Integer.toString(pool.port()));
            arguments.add(Integer.toString(pool.weight()));
        }
        return arguments;
    }

    @Override
    public void reload(PeerSetup setup, ProcessHandle process) throws IOException {
        throw new IOException(name + " has no way to take over other weights while it runs: leave it out of reload");
    }
}
