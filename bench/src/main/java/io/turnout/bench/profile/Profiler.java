package io.turnout.bench.profile;

import io.turnout.bench.machine.Command;
import io.turnout.bench.machine.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import one.profiler.AsyncProfiler;

/** async-profiler inside another Java process, steered by {@code jcmd}. Immutable. */
final class Profiler {
    /** What the process has to be started with: exact lines, and leave to load an agent. */
    static final List<String> FLAGS =
            List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:+DebugNonSafepoints", "-XX:+EnableDynamicAgentLoading");

    private final Path jcmd;
    private final long pid;
    private final Path library;

    /**
     * @param jcmd of the Java that runs the process
     * @param folder where the native library is put
     */
    Profiler(Path jcmd, long pid, Path folder) throws IOException, Refusal {
        this.jcmd = jcmd;
        this.pid = pid;
        library = unpacked(folder);
    }

    private static Path unpacked(Path folder) throws IOException, Refusal {
        String machine = System.getProperty("os.arch").equals("aarch64") ? "linux-arm64" : "linux-x64";
        Path file = folder.resolve("libasyncProfiler.so");
        try (InputStream in = AsyncProfiler.class.getResourceAsStream("/" + machine + "/libasyncProfiler.so")) {
            if (in == null) {
                throw new Refusal("found no async-profiler for " + machine);
            }
            Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
        }
        return file;
    }

    /** Begins to watch an event, each thread for itself. */
    void start(String event) throws IOException, Refusal {
        command("start,threads," + event);
    }

    /** Writes what was seen as stacks and goes on. */
    Stacks stacks(Path file) throws IOException, Refusal {
        command("dump,threads,collapsed,total,file=" + file);
        return Stacks.parse(Files.readString(file));
    }

    /** Draws what was seen, and ends. */
    void stop(Path flames) throws IOException, Refusal {
        command("stop,threads,flamegraph,total,file=" + flames);
    }

    private void command(String text) throws IOException, Refusal {
        String said = Command.output(List.of(
                jcmd.toString(), Long.toString(pid), "JVMTI.agent_load", library.toString(), "\"" + text + "\""));
        if (!said.contains("return code: 0")) {
            throw new Refusal("async-profiler refused \"" + text + "\": " + said.strip());
        }
    }
}
