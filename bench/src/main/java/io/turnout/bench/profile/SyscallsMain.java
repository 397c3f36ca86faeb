package io.turnout.bench.profile;

import io.turnout.bench.machine.Command;
import io.turnout.bench.machine.Refusal;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Counts the system calls of Turnout's event loop for each exchange. Ends with 1 when there are more than there should
 * be: two reads and two writes, one of each more for a copy, and none to change what is waited for or to wake somebody.
 */
@CommandLine.Command(
        name = "bench/syscalls",
        mixinStandardHelpOptions = true,
        description = "Counts the system calls of Turnout's loop for each exchange on kept connections, by strace.")
public final class SyscallsMain implements Callable<Integer> {
    private static final double DATA_CALLS = 4;
    private static final double DATA_CALLS_OF_COPY = 2;
    private static final double TOLERANCE = .02;

    @Option(names = "--root", required = true, hidden = true)
    private Path root = Path.of("");

    @Option(names = "--harness-core", defaultValue = "1", hidden = true)
    private int harnessCore;

    @Option(names = "--warmup", defaultValue = "15", description = "Seconds before. Default: ${DEFAULT-VALUE}")
    private double warmup;

    @Option(names = "--seconds", defaultValue = "5", description = "Under strace. Default: ${DEFAULT-VALUE}")
    private double seconds;

    @Option(names = "--connections", defaultValue = "64", description = "Default: ${DEFAULT-VALUE}")
    private int connections;

    @Mixin
    private final Asked asked = new Asked();

    private SyscallsMain() {}

    /** Counts and ends the process. */
    public static void main(String... args) {
        Locale.setDefault(Locale.ROOT);
        System.exit(new CommandLine(new SyscallsMain()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (TurnoutUnderLoad load =
                TurnoutUnderLoad.start(root, harnessCore, "turnout", asked, connections, List.of())) {
            Command.firstLine("strace", "-V");
            load.answeredIn(warmup);
            Path table = Files.createTempFile("syscalls", ".txt");
            Process strace = new ProcessBuilder("strace", "-c", "-p", loopThread(load.pid()), "-o", table.toString())
                    .inheritIO()
                    .start();
            long copiesBefore = load.copies();
            long requests = load.answeredIn(seconds);
            double copied = (double) (load.copies() - copiesBefore) / requests;
            strace.toHandle().destroy();
            strace.waitFor(10, TimeUnit.SECONDS);
            SyscallCounts counts = SyscallCounts.parse(Files.readString(table));
            Files.delete(table);
            return tell(counts, requests, copied);
        } catch (Refusal e) {
            System.err.println("bench: stopped: " + e.getMessage());
            return 1;
        }
    }

    private static String loopThread(long pid) throws IOException, Refusal {
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "task"))) {
            for (Path thread : threads) {
                if (Files.readString(thread.resolve("comm")).strip().equals("loop-0")) {
                    return thread.getFileName().toString();
                }
            }
        }
        throw new Refusal("found no thread loop-0 in process " + pid);
    }

    private int tell(SyscallCounts counts, long requests, double copied) {
        System.out.printf(
                "%,d exchanges on %d connections, %.3f copied, calls of the loop:%n%n| call | times | for each exchange |%n"
                        + "|---|--:|--:|%n",
                requests, connections, copied);
        counts.calls().entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .forEach(call -> System.out.printf(
                        "| `%s` | %,d | %.4f |%n",
                        call.getKey(), call.getValue(), (double) call.getValue() / requests));
        double data = (double) counts.data() / requests;
        double expected = DATA_CALLS + copied * DATA_CALLS_OF_COPY;
        // A wake-up is a write to an eventfd.
        double others =
                (double) (counts.of("epoll_ctl") + counts.of("write") + counts.of("timerfd_settime")) / requests;
        System.out.printf(
                "%n%.3f data calls and %.4f of epoll_ctl, wake-ups and timers for each exchange", data, others);
        if (!asked.isSmall()) {
            System.out.println();
            return 0;
        }
        boolean good = Math.abs(data - expected) <= TOLERANCE * expected && others <= TOLERANCE;
        System.out.println(": " + (good ? "as it should be" : "expected %.3f and none".formatted(expected)));
        return good ? 0 : 1;
    }
}
