package io.turnout.bench.report;

import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** Draws scenarios as SVG: bars for a figure, lines for memory over time. Stateless. */
public final class SvgChart {
    private static final String[] COLOURS = {"#4c78a8", "#f58518", "#54a24b", "#b279a2", "#e45756", "#72b7b2"};
    private static final int WIDTH = 760;
    private static final int LEFT = 220;
    private static final int BAR = 22;
    private static final int PLOT_WIDTH = 440;
    private static final int LINE_HEIGHT = 260;

    private SvgChart() {}

    /** One bar for each peer: the median of the scenario's main figure, with a whisker over the rounds. */
    public static String bars(ScenarioResult scenario) {
        Figure figure = scenario.figures().get(0);
        List<String> peers = scenario.peers();
        double top = scenario.rounds().stream()
                .mapToDouble(round -> round.figures().getOrDefault(figure, 0.0))
                .max()
                .orElse(0);
        double scale = top > 0 ? PLOT_WIDTH / top : 0;
        StringBuilder svg = begin(60 + peers.size() * (BAR + 8), scenario.title() + ": " + figure.title());
        for (int i = 0; i < peers.size(); i++) {
            OptionalDouble median = scenario.median(peers.get(i), figure);
            int y = 40 + i * (BAR + 8);
            text(svg, LEFT - 8, y + 15, "end", peers.get(i));
            if (median.isPresent()) {
                bar(svg, y, median.getAsDouble() * scale, COLOURS[i % COLOURS.length]);
                whisker(svg, scenario, peers.get(i), figure, y, scale);
                text(svg, WIDTH - 10, y + 15, "end", figure.format(median.getAsDouble()));
            }
        }
        return svg.append("</svg>\n").toString();
    }

    /** A line for each round that watched its memory: MiB over seconds. */
    public static String memory(ScenarioResult scenario) {
        List<Round> rounds = scenario.rounds().stream()
                .filter(round -> !round.rssOverTime().isEmpty())
                .toList();
        double seconds = rounds.stream()
                .flatMap(round -> round.rssOverTime().stream())
                .mapToDouble(Round.RssSample::seconds)
                .max()
                .orElse(1);
        double mib = rounds.stream()
                .flatMap(round -> round.rssOverTime().stream())
                .mapToDouble(sample -> sample.kib() / 1024.0)
                .max()
                .orElse(1);
        StringBuilder svg = begin(LINE_HEIGHT + 90 + rounds.size() * 18, scenario.title() + ": RSS over time");
        text(svg, LEFT - 8, 52, "end", Math.round(mib) + " MiB");
        text(svg, LEFT - 8, 40 + LINE_HEIGHT, "end", "0");
        text(svg, LEFT + PLOT_WIDTH, 58 + LINE_HEIGHT, "end", Math.round(seconds) + " s");
        for (int i = 0; i < rounds.size(); i++) {
            Round round = rounds.get(i);
            String colour = COLOURS[i % COLOURS.length];
            line(svg, round, PLOT_WIDTH / seconds, LINE_HEIGHT / mib, colour);
            svg.append(format(
                    "<rect x='%d' y='%d' width='10' height='10' fill='%s'/>", LEFT, 68 + LINE_HEIGHT + i * 18, colour));
            text(svg, LEFT + 16, 78 + LINE_HEIGHT + i * 18, "start", round.peer() + ", round " + round.number());
        }
        return svg.append("</svg>\n").toString();
    }

    private static StringBuilder begin(int height, String title) {
        StringBuilder svg = new StringBuilder(format(
                "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d' font-family='sans-serif' font-size='13'>%n"
                        + "<rect width='100%%' height='100%%' fill='#ffffff'/>%n",
                WIDTH, height));
        text(svg, 10, 22, "start", title);
        return svg;
    }

    private static void bar(StringBuilder svg, int y, double width, String colour) {
        svg.append(format("<rect x='%d' y='%d' width='%.1f' height='%d' fill='%s'/>%n", LEFT, y, width, BAR, colour));
    }

    private static void whisker(
            StringBuilder svg, ScenarioResult scenario, String peer, Figure figure, int y, double scale) {
        double[] values = scenario.rounds().stream()
                .filter(round -> round.peer().equals(peer) && round.figures().containsKey(figure))
                .mapToDouble(round -> round.figures().getOrDefault(figure, 0.0))
                .sorted()
                .toArray();
        svg.append(format(
                "<line x1='%.1f' x2='%.1f' y1='%d' y2='%d' stroke='#222222'/>%n",
                LEFT + values[0] * scale, LEFT + values[values.length - 1] * scale, y + BAR / 2, y + BAR / 2));
    }

    private static void line(StringBuilder svg, Round round, double perSecond, double perMib, String colour) {
        svg.append("<polyline fill='none' stroke='").append(colour).append("' points='");
        for (Round.RssSample sample : round.rssOverTime()) {
            svg.append(format(
                    "%.1f,%.1f ",
                    LEFT + sample.seconds() * perSecond, 40 + LINE_HEIGHT - sample.kib() / 1024.0 * perMib));
        }
        svg.append("'/>\n");
    }

    private static void text(StringBuilder svg, int x, int y, String anchor, String text) {
        String escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        svg.append(format("<text x='%d' y='%d' text-anchor='%s'>%s</text>%n", x, y, anchor, escaped));
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
