package io.turnout.bench.guard;

import io.turnout.bench.load.Failure;
import io.turnout.bench.load.LoadPlan;
import io.turnout.bench.load.LoadRun;
import io.turnout.bench.load.LoadWindow;
import io.turnout.bench.load.RequestShape;
import io.turnout.bench.machine.Refusal;
import io.turnout.bench.peer.JavaStart;
import io.turnout.bench.wire.HarnessLoop;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongFunction;

/** One story before one judge: services, a proxy, load, and what came of it. Confined to one thread. */
final class Trial implements AutoCloseable {
    private static final int STABLE_ENDPOINTS = 3;
    private static final int CONNECTIONS = 64;
    private static final String REVERTED = "reverted";
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final RequestShape REQUEST = RequestShape.get("/", 2);

    private final HarnessLoop harness;
    private final Setting setting;
    private final Story story;
    private final List<FaultyService> stable = new ArrayList<>();
    private final FaultyService canary;
    private final TrialProxy proxy;
    private volatile long canaryFromNanos = Long.MAX_VALUE;

    /**
     * What all trials have in common.
     *
     * @param harness one for all: each would keep a core busy
     * @param healthyFirst how long stable runs alone, so that there is something to compare with
     * @param keepFor how long a judge is watched that should do nothing
     * @param giveUpAfter how long one is waited for that should revert
     */
    record Setting(
            HarnessLoop harness,
            Path jar,
            JavaStart java,
            Path folder,
            double perSecond,
            int canaryPercent,
            Duration healthyFirst,
            Duration keepFor,
            Duration giveUpAfter,
            WindowRule.Limits rule,
            long seed) {}

    private Trial(Setting setting, Story story, TrialProxy.Guarding guarding) throws IOException, Refusal {
        this.setting = setting;
        this.story = story;
        harness = setting.harness();
        for (int i = 0; i < STABLE_ENDPOINTS; i++) {
            stable.add(new FaultyService(harness, manners(story.stable()), setting.seed() + i));
        }
        canary = new FaultyService(harness, manners(story.canary()), setting.seed() + STABLE_ENDPOINTS);
        Path folder = setting.folder().resolve(story.name() + "-" + guarding);
        proxy = TrialProxy.start(setting.jar(), setting.java(), folder, guarding, stable, canary);
    }

    /** The story before Turnout's guard. */
    static Judgement byGuard(Setting setting, Story story) throws IOException, Refusal {
        try (Trial trial = new Trial(setting, story, TrialProxy.Guarding.ON)) {
            return trial.judgedByGuard();
        }
    }

    /** The same story, split by a Turnout without guard, before the rule of windows. */
    static Judgement byRule(Setting setting, Story story) throws IOException, Refusal {
        try (Trial trial = new Trial(setting, story, TrialProxy.Guarding.OFF)) {
            return trial.judgedByRule();
        }
    }

    private LongFunction<Manner> manners(Story.Service service) {
        return number -> {
            long from = canaryFromNanos;
            Duration since = from == Long.MAX_VALUE ? Duration.ofNanos(-1) : Duration.ofNanos(System.nanoTime() - from);
            return service.at(since, number);
        };
    }

    private LoadRun load() {
        return LoadRun.start(harness, LoadPlan.fixed(proxy.target(), REQUEST, CONNECTIONS, setting.perSecond()));
    }

    /** Lets stable run alone, gives the canary its share, and waits for the fault; returns when that was. */
    private long begin() throws IOException {
        pause(setting.healthyFirst().toNanos());
        proxy.weigh(setting.canaryPercent());
        canaryFromNanos = System.nanoTime();
        long fault = canaryFromNanos + story.faultAfter().toNanos();
        return fault;
    }

    private Judgement judgedByGuard() throws IOException {
        try (LoadRun run = load()) {
            long fault = begin();
            long until = fault + patience().toNanos();
            TrialProxy.Verdict verdict = proxy.verdict();
            boolean faulty = story.faultAfter().isZero();
            while (!verdict.state().equals(REVERTED) && System.nanoTime() < until) {
                if (!faulty && System.nanoTime() >= fault) {
                    canary.tally();
                    faulty = true;
                }
                pause(LOOK_NANOS);
                verdict = proxy.verdict();
            }
            long end = System.nanoTime();
            boolean reverted = verdict.state().equals(REVERTED);
            // Long enough for anything that is still routed there to be seen.
            pause(TimeUnit.SECONDS.toNanos(2));
            FaultyService.Tally seen = canary.tally();
            LoadWindow window = run.endWindow();
            return new Judgement(
                    reverted,
                    (end - fault) / 1e9,
                    seen.requests(),
                    seen.errors(),
                    reverted ? proxy.routedToCanaryByLastGeneration() : 0,
                    notByServices(window),
                    verdict.text());
        }
    }

    private Judgement judgedByRule() throws IOException {
        WindowRule rule = new WindowRule(setting.rule());
        try (LoadRun run = load()) {
            long fault = begin();
            long until = fault + patience().toNanos();
            long requests = 0;
            long errors = 0;
            long windowEnd = canaryFromNanos;
            boolean reverted = false;
            while (!reverted && windowEnd < until) {
                windowEnd += setting.rule().window().toNanos();
                pause(windowEnd - System.nanoTime());
                FaultyService.Tally window = canary.tally();
                boolean counts = windowEnd > fault;
                requests += counts ? window.requests() : 0;
                errors += counts ? window.errors() : 0;
                reverted = rule.check(window);
            }
            LoadWindow seen = run.endWindow();
            return new Judgement(reverted, (windowEnd - fault) / 1e9, requests, errors, -1, notByServices(seen), "");
        }
    }

    /** A service answers 503 when it fails, and nothing else. */
    private static long notByServices(LoadWindow window) {
        return window.failed() - window.failures().getOrDefault(Failure.STATUS, 0L);
    }

    private Duration patience() {
        return story.end() == Story.End.REVERT ? setting.giveUpAfter() : setting.keepFor();
    }

    private static void pause(long nanos) {
        long until = System.nanoTime() + nanos;
        while (System.nanoTime() < until) {
            LockSupport.parkNanos(until - System.nanoTime());
        }
    }

    @Override
    public void close() {
        proxy.close();
        stable.forEach(FaultyService::close);
        canary.close();
    }
}
