package io.turnout.bench.profile;

import io.turnout.bench.machine.Refusal;
import io.turnout.bench.peer.JavaStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Profiles Turnout under load: where its CPU time goes, and what it allocates for each request. */
@Command(
        name = "bench/profile",
        mixinStandardHelpOptions = true,
        description = "Profiles one Turnout under small answers on kept connections, by async-profiler.")
public final class ProfileMain implements Callable<Integer> {
    private static final int ROWS = 20;
    private static final String CPU = "event=cpu,interval=1ms";
    private static final String ALLOCATIONS = "event=alloc,alloc=8k";

    @Option(names = "--root", required = true, hidden = true)
    private Path root = Path.of("");

    @Option(names = "--harness-core", defaultValue = "1", hidden = true)
    private int harnessCore;

    @Option(names = "--warmup", defaultValue = "20", description = "Seconds before. Default: ${DEFAULT-VALUE}")
    private double warmup;

    @Option(names = "--seconds", defaultValue = "15", description = "Of each profile. Default: ${DEFAULT-VALUE}")
    private double seconds;

    @Option(names = "--connections", defaultValue = "64", description = "Default: ${DEFAULT-VALUE}")
    private int connections;

    @Mixin
    private final Asked asked = new Asked();

    @Option(names = "--peer", defaultValue = "turnout", description = "turnout or turnout-io_uring.")
    private String peer = "turnout";

    private ProfileMain() {}

    /** Profiles and ends the process. */
    public static void main(String... args) {
        Locale.setDefault(Locale.ROOT);
        System.exit(new CommandLine(new ProfileMain())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path folder = root.resolve("bench/target/profile").toAbsolutePath();
        Files.createDirectories(folder);
        JavaStart java = JavaStart.likeOurs(List.of());
        if (!java.hasJcmd()) {
            System.err.println("bench: found no " + java.jcmd() + "; profiles need a JDK");
            return 1;
        }
        try (TurnoutUnderLoad load =
                TurnoutUnderLoad.start(root, harnessCore, peer, asked, connections, Profiler.FLAGS)) {
            load.answeredIn(warmup);
            Profiler profiler = new Profiler(java.jcmd(), load.pid(), folder);
            cpu(load, profiler, folder);
            allocations(load, profiler, folder);
            System.out.println("\nFlame graphs are in " + folder);
            return 0;
        } catch (Refusal e) {
            System.err.println("bench: stopped: " + e.getMessage());
            return 1;
        }
    }

    private void cpu(TurnoutUnderLoad load, Profiler profiler, Path folder)
            throws IOException, Refusal, InterruptedException {
        profiler.start(CPU);
        load.answeredIn(seconds);
        Stacks all = profiler.stacks(folder.resolve("cpu.collapsed"));
        profiler.stop(folder.resolve("cpu.html"));
        Stacks loops = all.ofLoops();
        Stacks kernel = loops.where(Stacks.Stack::isInKernel);
        System.out.printf(
                "## CPU time%n%n%.1f %% of the process is the loop's, %.1f %% of that the kernel's.%n",
                100.0 * loops.weight() / all.weight(), 100.0 * kernel.weight() / loops.weight());
        frames("in the kernel", kernel, loops.weight());
        frames("outside of it", loops.where(stack -> !stack.isInKernel()), loops.weight());
    }

    private static void frames(String where, Stacks stacks, long whole) {
        System.out.printf("%n| %% of the loop | frame %s |%n|--:|---|%n", where);
        stacks.heaviest(Stacks.Stack::leaf, ROWS)
                .forEach(sum -> System.out.printf("| %.1f | `%s` |%n", 100.0 * sum.weight() / whole, sum.what()));
    }

    private void allocations(TurnoutUnderLoad load, Profiler profiler, Path folder)
            throws IOException, Refusal, InterruptedException {
        profiler.start(ALLOCATIONS);
        long requests = load.answeredIn(seconds);
        Stacks all = profiler.stacks(folder.resolve("allocations.collapsed"));
        profiler.stop(folder.resolve("allocations.html"));
        Stacks loops = all.ofLoops();
        System.out.printf(
                "%n## Allocated for each of %,d requests: %.1f B on the loop, %.1f B elsewhere%n%n",
                requests, (double) loops.weight() / requests, (double) (all.weight() - loops.weight()) / requests);
        System.out.printf("| B/request | object | asked for by |%n|--:|---|---|%n");
        for (Stacks.Sum sum : loops.heaviest(stack -> stack.allocation() + "` | `" + stack.ours(), ROWS)) {
            System.out.printf("| %.2f | `%s` |%n", (double) sum.weight() / requests, sum.what());
        }
    }
}
