package io.turnout.routing;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A compiled route: its rules, its split, and the decisions it can come to. Immutable. */
public final class Route {
    private final RouteSpec spec;
    private final int index;
    private final CompiledRule[] rules;
    private final Decisions decisions;
    private final KeyedPick keyedPick;
    private final @Nullable KeyReader key;
    private final boolean mints;
    private final long weighted;

    Route(RouteSpec spec, int index) {
        this.spec = spec;
        this.index = index;
        Split split = spec.split();
        SplitKey splitKey = split.key();
        rules = spec.rules().stream().map(CompiledRule::new).toArray(CompiledRule[]::new);
        decisions = new Decisions(this, spec);
        keyedPick = KeyedPick.of(split);
        key = splitKey == null ? null : new KeyReader(splitKey);
        mints = splitKey != null && splitKey.withoutKey() == SplitKey.WithoutKey.MINT;
        weighted = split.weighted();
    }

    public String name() {
        return spec.name();
    }

    /** Its place in the file and in {@link RouteTable#routes}. */
    public int index() {
        return index;
    }

    public Split split() {
        return spec.split();
    }

    /** Every pool a decision of this route can name: the variants in their order, then all others. */
    public List<PoolRef> targets() {
        return decisions.targets();
    }

    /**
     * Sends elsewhere a request whose pool has no usable endpoint, as the split's {@link OnEmpty} says. The draws of the
     * remaining variants are of the same kind as the first one: users with a key stay together.
     *
     * <p>A request that a rule forced is not sent elsewhere: a tester must not be shown the other side unknowingly.
     *
     * @param meant a decision of this route
     * @param request the same request, read again for its key
     * @return null if the request is to fail
     */
    public @Nullable Decision redirect(Decision meant, RequestView request, Draws draws, UsablePools usable) {
        if (meant.rule() != null) {
            return null;
        }
        OnEmpty onEmpty = split().onEmpty();
        if (onEmpty instanceof OnEmpty.Divert divert) {
            return usable.isUsable(divert.pool().id())
                    ? decisions.redirected(meant.chargedSlot(), decisions.slotOf(divert.pool()))
                    : null;
        }
        return onEmpty instanceof OnEmpty.Redistribute
                ? redistribute(meant.chargedSlot(), request, draws, usable)
                : null;
    }

    /** Rule, then key, then weight. */
    Decision decide(RequestView request, Draws draws) {
        for (int i = 0; i < rules.length; i++) {
            if (rules[i].holds(request)) {
                return decisions.forced(i);
            }
        }
        if (Long.bitCount(weighted) == 1) {
            return decisions.only(Long.numberOfTrailingZeros(weighted));
        }
        if (key == null) {
            return decisions.weighted(draw(draws));
        }
        if (!key.read(request, draws.hash())) {
            if (!mints) {
                return decisions.keyless(draw(draws));
            }
            draws.minted(readVisitor(key, request, draws));
        }
        return decisions.keyed(keyedPick.pick(draws.hash().finish(), weighted));
    }

    RouteSpec spec() {
        return spec;
    }

    KeyedPick keyedPick() {
        return keyedPick;
    }

    private int draw(Draws draws) {
        SplitCursor cursor = draws.cursorOf(this);
        if (cursor == null) {
            throw new AssertionError("route " + name() + " decides with draws that follow another table");
        }
        return cursor.draw();
    }

    /** Hashes the visitor id this request would be given, and returns it. */
    private static String readVisitor(KeyReader reader, RequestView request, Draws draws) {
        String visitor = draws.visitorId(request);
        reader.readKey(visitor, draws.hash());
        return visitor;
    }

    private @Nullable Decision redistribute(int meant, RequestView request, Draws draws, UsablePools usable) {
        long others = usableVariants(usable) & ~(1L << meant);
        if (others == 0) {
            return null;
        }
        return decisions.redirected(meant, substitute(request, draws, others));
    }

    private long usableVariants(UsablePools usable) {
        long set = 0;
        for (long rest = weighted; rest != 0; rest &= rest - 1) {
            int i = Long.numberOfTrailingZeros(rest);
            if (usable.isUsable(targets().get(i).id())) {
                set |= 1L << i;
            }
        }
        return set;
    }

    private int substitute(RequestView request, Draws draws, long others) {
        if (key != null) {
            boolean found = key.read(request, draws.hash());
            if (!found && mints) {
                readVisitor(key, request, draws);
            }
            if (found || mints) {
                return keyedPick.pick(draws.hash().finish(), others);
            }
        }
        SplitCursor cursor = draws.cursorOf(this);
        // A request older than the table its loop now follows has no cursor left; any of the others will do.
        return cursor == null ? Long.numberOfTrailingZeros(others) : cursor.drawSubstitute(others);
    }

    @Override
    public String toString() {
        return "route " + name();
    }

    /** A rule without what only people read. */
    private static final class CompiledRule {
        private final PathMatch path;
        private final FieldConditions fields;

        CompiledRule(Rule rule) {
            path = rule.when().path();
            fields = new FieldConditions(rule.when());
        }

        boolean holds(RequestView request) {
            return path.matches(request.path()) && fields.hold(request);
        }
    }
}
