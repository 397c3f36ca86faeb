package io.turnout.bench.profile;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What a profiler saw: stacks, outermost frame first, with what each weighs. Immutable.
 *
 * @param stacks in no order
 */
record Stacks(List<Stack> stacks) {
    private static final String OURS = "io/turnout/";
    private static final String OUTSIDE = "(not below our code)";

    /** One stack; in a profile of allocations its last frame is the class of the object. */
    record Stack(List<String> frames, long weight) {
        Stack {
            frames = List.copyOf(frames);
        }

        String leaf() {
            return frames.get(frames.size() - 1);
        }

        boolean isOfLoop() {
            return frames.get(0).startsWith("[loop-");
        }

        /** Whether the time went into a system call. */
        boolean isInKernel() {
            return leaf().endsWith("_[k]");
        }

        /** The innermost frame of Turnout itself. */
        String ours() {
            for (int i = frames.size() - 1; i >= 0; i--) {
                if (frames.get(i).startsWith(OURS)) {
                    return frames.get(i).substring(OURS.length());
                }
            }
            return OUTSIDE;
        }

        /** What is allocated and by whom: the class, and the method that asks for it where that is not ours. */
        String allocation() {
            String site = frames.size() > 1 ? frames.get(frames.size() - 2) : "";
            return plain(leaf()) + (site.startsWith(OURS) ? "" : " in " + site);
        }

        private static String plain(String frame) {
            return frame.replaceAll("_\\[[a-z0-9]]$", "");
        }
    }

    /** Weight of all stacks that have something in common. */
    record Sum(String what, long weight) {}

    Stacks {
        stacks = List.copyOf(stacks);
    }

    /** Reads the collapsed format: frames with semicolons between them, a space, the weight. */
    static Stacks parse(String collapsed) {
        List<Stack> stacks = new ArrayList<>();
        collapsed.lines().filter(line -> !line.isBlank()).forEach(line -> {
            int space = line.lastIndexOf(' ');
            stacks.add(
                    new Stack(List.of(line.substring(0, space).split(";")), Long.parseLong(line.substring(space + 1))));
        });
        return new Stacks(stacks);
    }

    /** Those of the event loops. */
    Stacks ofLoops() {
        return where(Stack::isOfLoop);
    }

    /** Some of them. */
    Stacks where(Predicate<Stack> wanted) {
        return new Stacks(stacks.stream().filter(wanted).toList());
    }

    /** Weight of all. */
    long weight() {
        return stacks.stream().mapToLong(Stack::weight).sum();
    }

    /** The heaviest by what they have in common, heaviest first. */
    List<Sum> heaviest(Function<Stack, String> common, int atMost) {
        Map<String, Long> sums = new HashMap<>();
        stacks.forEach(stack -> sums.merge(common.apply(stack), stack.weight(), Long::sum));
        return sums.entrySet().stream()
                .map(entry -> new Sum(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparingLong(Sum::weight).reversed().thenComparing(Sum::what))
                .limit(atMost)
                .toList();
    }
}
