package io.turnout.bench.scenario;

import io.turnout.bench.load.LoadPlan;
import io.turnout.bench.load.LoadRun;
import io.turnout.bench.load.LoadWindow;
import io.turnout.bench.load.RequestShape;
import io.turnout.bench.machine.Command;
import io.turnout.bench.machine.CpuWatch;
import io.turnout.bench.machine.Refusal;
import io.turnout.bench.peer.Peer;
import io.turnout.bench.peer.PeerProcess;
import io.turnout.bench.report.Figure;
import io.turnout.bench.report.Round;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether our generator and {@code wrk} agree on what a request costs a peer. Stateless.
 *
 * <p>They take turns on the same peer, the same core and as many connections. Requests a second may differ, for the
 * generator shares its core with the backend and whichever is lighter gets further; the peer's CPU time for a request
 * must not.
 */
final class WrkAgreement implements Scenario {
    private static final double TOLERANCE = .15;
    private static final Pattern TOTAL = Pattern.compile("(\\d+) requests in");
    private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([\\d.]+)");
    private static final Pattern TROUBLE = Pattern.compile("(Socket errors: .*|Non-2xx or 3xx responses: .*)");

    /** What {@code wrk} reports. */
    record Report(long requests, double perSecond) {
        static Report parse(String output) throws Refusal {
            Matcher trouble = TROUBLE.matcher(output);
            if (trouble.find()) {
                throw new Refusal("wrk found " + trouble.group(1) + ", expected no errors");
            }
            Matcher total = TOTAL.matcher(output);
            Matcher rate = RATE.matcher(output);
            if (!total.find() || !rate.find()) {
                throw new Refusal("wrk said \"" + output.strip() + "\", expected its report");
            }
            return new Report(Long.parseLong(total.group(1)), Double.parseDouble(rate.group(1)));
        }
    }

    @Override
    public String name() {
        return "wrk-agreement";
    }

    @Override
    public String title() {
        return "Our generator beside wrk";
    }

    @Override
    public List<Figure> figures() {
        return List.of(
                Figure.CPU_AGREEMENT,
                Figure.CPU_MICROS_PER_REQUEST,
                Figure.WRK_CPU_MICROS_PER_REQUEST,
                Figure.REQUESTS_PER_SECOND,
                Figure.WRK_REQUESTS_PER_SECOND);
    }

    @Override
    public List<Round> run(Bench bench) throws Refusal, IOException, InterruptedException {
        Command.firstLine("wrk", "-v");
        var rounds = new ArrayList<Round>();
        for (Peer peer : bench.peers()) {
            if (peer.kind() == Peer.Kind.NATIVE) {
                measure(bench, peer, rounds);
            }
        }
        if (rounds.isEmpty()) {
            throw new Refusal(name() + ": found no native peer, expected haproxy or nginx among --peers");
        }
        return rounds;
    }

    private void measure(Bench bench, Peer peer, List<Round> rounds) throws Refusal, IOException, InterruptedException {
        try (PeerProcess process = bench.startPlain(peer, bench.java())) {
            for (int number = 1; number <= bench.budget().rounds(); number++) {
                EnumMap<Figure, Double> figures = underOurs(bench, process);
                CpuWatch watch = CpuWatch.start(process.tree(), bench.cores(), bench.witness());
                Report report = Report.parse(Command.output(wrk(bench, process)));
                CpuWatch.Seen seen = watch.read();
                double theirs = Figures.cpuMicros(seen.proxyCpuSeconds(), report.requests());
                figures.put(Figure.WRK_CPU_MICROS_PER_REQUEST, theirs);
                figures.put(Figure.WRK_REQUESTS_PER_SECOND, report.perSecond());
                double ratio = figures.getOrDefault(Figure.CPU_MICROS_PER_REQUEST, 0.0) / theirs;
                figures.put(Figure.CPU_AGREEMENT, ratio);
                bench.say(String.format("%s, round %d: %s: %.2f", name(), number, peer.name(), ratio));
                if (Math.abs(ratio - 1) > TOLERANCE) {
                    bench.doubt(String.format(
                            "under our generator a request cost %s %.2f of what it did under wrk", peer.name(), ratio));
                }
                rounds.add(Round.of(number, peer.name(), figures, seen.noise()));
            }
        }
    }

    private EnumMap<Figure, Double> underOurs(Bench bench, PeerProcess process) throws Refusal, InterruptedException {
        RequestShape shape = RequestShape.get("/1k", 1024);
        try (LoadRun run = bench.load(
                LoadPlan.closed(process.target(), shape, bench.budget().connections()))) {
            Bench.waitSeconds(bench.budget().rampSeconds());
            CpuWatch watch = CpuWatch.start(process.tree(), bench.cores(), bench.witness());
            run.beginWindow();
            Bench.waitSeconds(bench.budget().windowSeconds());
            CpuWatch.Seen seen = watch.read();
            LoadWindow window = run.endWindow();
            if (window.failed() > 0) {
                throw new Refusal(name() + ": requests failed: " + window.failures() + ", expected none");
            }
            return Figures.of(window, seen);
        }
    }

    private static List<String> wrk(Bench bench, PeerProcess process) {
        long seconds = Math.max(1, Math.round(bench.budget().windowSeconds()));
        return bench.cores()
                .pinnedToHarness(List.of(
                        "wrk",
                        "-t1",
                        "-c" + bench.budget().connections(),
                        "-d" + seconds + "s",
                        "http://127.0.0.1:" + process.target().getPort() + "/1k"));
    }
}
