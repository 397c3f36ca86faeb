package io.turnout.bench.guard;

import io.turnout.bench.machine.Refusal;
import io.turnout.bench.peer.JavaStart;
import io.turnout.bench.wire.HarnessLoop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Lets canaries go wrong behind a real Turnout, in real time, and tells how soon its guard and a rule of windows take
 * them back. Ends with 0 when the guard did the right thing in every story, with 1 when not or when a trial could not
 * be held.
 */
@Command(
        name = "bench/guard",
        mixinStandardHelpOptions = true,
        description = "How soon a bad canary is taken back, beside the rule of windows that others judge by.",
        footer =
                "Stories: errors, total, latency, slow-mode, late, outage, cold, healthy. See docs/benchmarks/README.md")
public final class GuardMain implements Callable<Integer> {
    @Option(names = "--root", required = true, hidden = true)
    private Path root = Path.of("");

    @Option(names = "--stories", split = ",", paramLabel = "NAME", description = "Only these.")
    private List<String> names = new ArrayList<>();

    @Option(names = "--rate", defaultValue = "1000", description = "Requests a second. Default: ${DEFAULT-VALUE}")
    private double rate;

    @Option(names = "--weight", defaultValue = "5", description = "The canary's percent. Default: ${DEFAULT-VALUE}")
    private int weight;

    @Option(
            names = "--healthy-first",
            defaultValue = "30",
            description = "Seconds of stable alone. Default: ${DEFAULT-VALUE}")
    private long healthyFirst;

    @Option(
            names = "--late",
            defaultValue = "120",
            description = "Seconds until the late change. Default: ${DEFAULT-VALUE}")
    private long late;

    @Option(
            names = "--keep-for",
            defaultValue = "120",
            description = "Seconds that a canary is watched that should stay. Default: ${DEFAULT-VALUE}")
    private long keepFor;

    @Option(
            names = "--give-up-after",
            defaultValue = "420",
            description = "Seconds that a revert is waited for. Default: ${DEFAULT-VALUE}")
    private long giveUpAfter;

    @Option(
            names = "--rule-window",
            defaultValue = "60",
            description = "Seconds between two checks of the rule. Default: ${DEFAULT-VALUE}")
    private long ruleWindow;

    @Option(names = "--rule-failures", defaultValue = "5", description = "Failed checks. Default: ${DEFAULT-VALUE}")
    private int ruleFailures;

    @Option(names = "--rule-success", defaultValue = "97", description = "Lowest percent. Default: ${DEFAULT-VALUE}")
    private double ruleSuccess;

    @Option(names = "--rule-p99", defaultValue = "30", description = "Milliseconds. Default: ${DEFAULT-VALUE}")
    private double ruleP99;

    @Option(names = "--no-rule", description = "Only Turnout's guard.")
    private boolean noRule;

    @Option(names = "--at-once", defaultValue = "2", description = "Stories at a time. Default: ${DEFAULT-VALUE}")
    private int atOnce;

    @Option(names = "--seed", defaultValue = "20261121", description = "Of all draws. Default: ${DEFAULT-VALUE}")
    private long seed;

    @Option(names = "--out", paramLabel = "FILE", description = "Where the table is written too.")
    private @Nullable Path out;

    private GuardMain() {}

    /** A story as two judges saw it. */
    private record Row(
            Story story, Judgement guard, @Nullable Judgement rule) {}

    /** Runs the trials and ends the process. */
    public static void main(String... args) {
        Locale.setDefault(Locale.ROOT);
        System.exit(new CommandLine(new GuardMain()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path jar = root.resolve("proxy/target/turnout.jar");
        if (!Files.exists(jar)) {
            say("found no " + jar + ", expected it built");
            return 1;
        }
        Path folder = Files.createTempDirectory("turnout-guard-");
        ExecutorService threads = Executors.newCachedThreadPool();
        try (HarnessLoop harness = HarnessLoop.start()) {
            return judge(setting(harness, jar, folder), threads);
        } catch (ExecutionException e) {
            say("stopped, no table: " + e.getCause());
            return 1;
        } finally {
            threads.shutdownNow();
        }
    }

    private Trial.Setting setting(HarnessLoop harness, Path jar, Path folder) {
        return new Trial.Setting(
                harness,
                jar,
                JavaStart.likeOurs(List.of()),
                folder,
                rate,
                weight,
                Duration.ofSeconds(healthyFirst),
                Duration.ofSeconds(keepFor),
                Duration.ofSeconds(giveUpAfter),
                new WindowRule.Limits(Duration.ofSeconds(ruleWindow), ruleFailures, ruleSuccess / 100, ruleP99),
                seed);
    }

    private int judge(Trial.Setting setting, ExecutorService threads)
            throws ExecutionException, InterruptedException, IOException {
        List<Story> stories = Story.all(Duration.ofSeconds(late)).stream()
                .filter(story -> names.isEmpty() || names.contains(story.name()))
                .toList();
        ExecutorService slots = Executors.newFixedThreadPool(atOnce);
        var futures = new ArrayList<Future<Row>>();
        stories.forEach(story -> futures.add(slots.submit(() -> row(setting, story, threads))));
        slots.shutdown();
        var rows = new ArrayList<Row>();
        for (Future<Row> future : futures) {
            rows.add(future.get());
        }
        String table = table(rows);
        System.out.print(table);
        if (out != null) {
            Files.writeString(out, table);
        }
        boolean right = rows.stream().allMatch(GuardMain::isRight);
        say(right ? "the guard was right in every story" : "the guard was WRONG in a story");
        return right ? 0 : 1;
    }

    private Row row(Trial.Setting setting, Story story, ExecutorService threads)
            throws IOException, Refusal, ExecutionException, InterruptedException {
        Future<Judgement> rule = noRule ? null : threads.submit(() -> Trial.byRule(setting, story));
        Judgement guard = Trial.byGuard(setting, story);
        say(story.name() + ": guard " + outcome(guard) + (guard.words().isEmpty() ? "" : "; " + guard.words()));
        return new Row(story, guard, rule == null ? null : rule.get());
    }

    /** Right: the proper end, nothing routed to a canary that was taken back, no failure of the proxy's own. */
    private static boolean isRight(Row row) {
        Judgement guard = row.guard;
        return guard.reverted() == (row.story.end() == Story.End.REVERT)
                && guard.routedAfter() == 0
                && guard.otherFailures() == 0;
    }

    private String table(List<Row> rows) {
        StringBuilder text = new StringBuilder(String.format(
                "%n%.0f requests/s, canary at %d %%, 3 stable endpoints and 1 of the canary, 5 ms + exp(3 ms) an answer.%n"
                        + "Rule: checks each %d s, success at least %.1f %%, p99 at most %.0f ms, taken back after %d"
                        + " failed checks.%n%n",
                rate, weight, ruleWindow, ruleSuccess, ruleP99, ruleFailures));
        text.append("| story | should | guard | canary requests | failed for users | routed after"
                + " | rule | canary requests | failed for users |\n|---|---|---|---:|---:|---:|---|---:|---:|\n");
        for (Row row : rows) {
            Judgement guard = row.guard;
            Judgement rule = row.rule;
            text.append(String.format(
                    "| %s | %s | %s | %d | %d | %d | %s | %s | %s |%n",
                    row.story.title(),
                    row.story.end() == Story.End.REVERT ? "revert" : "stay",
                    outcome(guard),
                    guard.canaryRequests(),
                    guard.failedRequests() + guard.otherFailures(),
                    guard.routedAfter(),
                    rule == null ? "-" : outcome(rule),
                    rule == null ? "-" : rule.canaryRequests(),
                    rule == null ? "-" : rule.failedRequests() + rule.otherFailures()));
        }
        return text.toString();
    }

    private static String outcome(Judgement judged) {
        return String.format(judged.reverted() ? "reverted in %.1f s" : "stayed for %.0f s", judged.seconds());
    }

    private static void say(String line) {
        System.err.println("guard: " + line);
    }
}
