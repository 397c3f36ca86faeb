package io.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Damages the examples in many ways: whatever the text, there is a result, and each problem points into the text. */
class ConfigMutationTest {
    private static final long SEED = Long.getLong("prop.seed", 20_261_121L);
    private static final int MUTATIONS = 5_000;
    private static final List<String> PIECES = List.of(
            "\t",
            "\n",
            "  ",
            "- ",
            ": ",
            "{",
            "}",
            "[",
            "]",
            "&a ",
            "*a",
            "<<: ",
            "? ",
            "---\n",
            "...\n",
            "!!str ",
            "!x ",
            "\"",
            "'",
            "|\n",
            ">\n",
            "#",
            "%",
            "@",
            "`",
            "~",
            "null",
            "true",
            "off",
            "1e9",
            "0x",
            "-1",
            "999999999999999999",
            "${",
            "${X",
            "${X:-",
            "$${",
            "}",
            "\u0000",
            "\u0007",
            "\uFEFF",
            "\uD83D\uDE80",
            "\uD83D",
            "\u2028",
            "\\u12",
            "\"\\UFFFFFFFF\"",
            "%YAML 3.0\n",
            "a{1000}{1000}",
            "[::1]:80",
            "dns://",
            "file:/",
            "1%",
            "5s",
            "1GiB");

    @Test
    void anyTextGivesAResultWhoseProblemsPointIntoTheText() throws IOException {
        List<String> seeds = seeds();
        var random = new Random(SEED);
        for (int i = 0; i < MUTATIONS; i++) {
            String text = seeds.get(random.nextInt(seeds.size()));
            for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
                text = mutated(text, seeds, random);
            }
            assertSane(text, i);
        }
    }

    private static List<String> seeds() throws IOException {
        var seeds = new ArrayList<String>();
        for (Path example : Repository.examples()) {
            seeds.add(Files.readString(example));
        }
        seeds.add(Files.readString(Repository.FULL).replaceAll("(?m)^#:", ""));
        return seeds;
    }

    private static String mutated(String text, List<String> seeds, Random random) {
        int from = random.nextInt(text.length() + 1);
        int to = Math.min(text.length(), from + random.nextInt(12));
        String piece = PIECES.get(random.nextInt(PIECES.size()));
        return switch (random.nextInt(6)) {
            case 0 -> text.substring(0, from) + text.substring(to);
            case 1 -> text.substring(0, from) + piece + text.substring(from);
            case 2 -> text.substring(0, from) + piece + text.substring(to);
            case 3 -> text.substring(0, from) + (char) random.nextInt(0x180) + text.substring(to);
            case 4 -> text.substring(0, to) + text.substring(from);
            default -> {
                String other = seeds.get(random.nextInt(seeds.size()));
                yield text.substring(0, from) + other.substring(random.nextInt(other.length()));
            }
        };
    }

    private static void assertSane(String text, int round) {
        String where = "-Dprop.seed=" + SEED + ", round " + round + ", text:\n" + text;
        ConfigResult result;
        try {
            result = ConfigReader.read("mutated.yaml", text, name -> null, null);
        } catch (RuntimeException | Error e) {
            throw new AssertionError("thrown for " + where, e);
        }
        List<Integer> widths = widths(text);
        for (ConfigProblem problem : result.problems()) {
            assertThat(problem.line()).as("%s in %s", problem, where).isBetween(1, widths.size());
            int width = widths.get(problem.line() - 1);
            assertThat(problem.column()).as("%s in %s", problem, where).isBetween(1, width + 1);
            assertThat(problem.toString()).as(where).doesNotContainPattern("[\\p{Cntrl}\u0085\u2028\u2029]");
        }
        if (round % 10 == 0) {
            assertThat(ConfigReader.read("mutated.yaml", text, name -> null, null))
                    .as(where)
                    .isEqualTo(result);
        }
    }

    /** Code points of each line, by the line ends of YAML. */
    private static List<Integer> widths(String text) {
        var widths = new ArrayList<Integer>();
        for (String line : text.split("\r\n|[\n\r\u0085\u2028\u2029]", -1)) {
            widths.add(line.codePointCount(0, line.length()));
        }
        return widths;
    }
}
