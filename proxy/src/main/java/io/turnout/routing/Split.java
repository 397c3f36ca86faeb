package io.turnout.routing;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How the requests of a route are shared among variants. Immutable, valid by construction: the weights never sum to 0,
 * no variant is named twice, the stable one is among them.
 *
 * @param name under which draws are carried over from snapshot to snapshot; unique in a table
 * @param variants 1 to {@link #MAX_VARIANTS}; their order is part of what keyed picks mean
 * @param stable name of the trusted variant; in a keyed split of two the other one is the canary, whose users are added
 *     and removed in order
 * @param key null for a pick by request
 */
public record Split(
        String name,
        List<Variant> variants,
        String stable,
        @Nullable SplitKey key,
        OnEmpty onEmpty) {
    /** So many fit a set of bits, and keep the exact arithmetic of draws within 64 bits. */
    public static final int MAX_VARIANTS = 64;

    public Split {
        variants = List.copyOf(variants);
        Objects.requireNonNull(onEmpty);
        if (variants.isEmpty() || variants.size() > MAX_VARIANTS) {
            throw invalid(name, variants.size() + " variants", "1.." + MAX_VARIANTS);
        }
        var names = new HashSet<String>();
        for (Variant variant : variants) {
            if (!names.add(variant.name())) {
                throw invalid(name, "variant " + variant.name() + " twice", "each once");
            }
        }
        if (!names.contains(stable)) {
            throw invalid(name, "stable variant \"" + stable + '"', "one of " + names);
        }
        if (variants.stream().allMatch(variant -> variant.weight() == 0)) {
            throw invalid(name, "weights that sum to 0", "at least one above 0");
        }
    }

    /** An unkeyed split with the first variant as the stable one. */
    public static Split byWeight(String name, List<Variant> variants) {
        if (variants.isEmpty()) {
            throw invalid(name, "0 variants", "1.." + MAX_VARIANTS);
        }
        return new Split(name, variants, variants.get(0).name(), null, new OnEmpty.Redistribute());
    }

    /** The sum of the weights, above 0. */
    public int totalWeight() {
        return variants.stream().mapToInt(Variant::weight).sum();
    }

    /** The place of the variant with this name, or -1. */
    public int indexOf(String variant) {
        for (int i = 0; i < variants.size(); i++) {
            if (variants.get(i).name().equals(variant)) {
                return i;
            }
        }
        return -1;
    }

    /** The weight of the variant with this name; 0 if there is none. */
    public int weightOf(String variant) {
        int place = indexOf(variant);
        return place < 0 ? 0 : variants.get(place).weight();
    }

    /** The variants with any weight, as a set of bits by place. */
    long weighted() {
        long set = 0;
        for (int i = 0; i < variants.size(); i++) {
            if (variants.get(i).weight() > 0) {
                set |= 1L << i;
            }
        }
        return set;
    }

    private static IllegalArgumentException invalid(String split, String found, String expected) {
        return new IllegalArgumentException("split " + split + ": found " + found + ", expected " + expected);
    }
}
