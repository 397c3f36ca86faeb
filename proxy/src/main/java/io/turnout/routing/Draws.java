package io.turnout.routing;

import java.util.HashMap;
import org.jspecify.annotations.Nullable;

/**
 * What one event loop brings to every decision: where it stands in the draws of each split, the mint for visitor ids and
 * the coarse time it needs. Mutable, confined to its event loop.
 */
public final class Draws {
    private final int loopIndex;
    private final int loopCount;
    private final VisitorMint mint;
    private final XxHash64 hash = new XxHash64();
    private @Nullable RouteTable table;
    private SplitCursor[] cursors = {};
    private long epochSeconds;
    private @Nullable String mintedVisitor;

    /** @param loopIndex 0 to {@code loopCount - 1}: loops with different indexes draw with different phases */
    public Draws(int loopIndex, int loopCount, VisitorMint mint) {
        if (loopIndex < 0 || loopIndex >= loopCount) {
            throw new IllegalArgumentException("found loop " + loopIndex + " of " + loopCount);
        }
        this.loopIndex = loopIndex;
        this.loopCount = loopCount;
        this.mint = mint;
    }

    /** Sets the wall-clock time of the decisions to come; a second's accuracy is enough. */
    public void onTick(long nowEpochSeconds) {
        epochSeconds = nowEpochSeconds;
    }

    /**
     * The visitor id that the last decision made up, for the answer to set in the cookie of the split's key; null if
     * that decision needed none.
     */
    public @Nullable String mintedVisitor() {
        return mintedVisitor;
    }

    /**
     * Goes on with another table: draws are carried over by the name of the split. Deciding does this by itself; calling
     * it when a snapshot is published moves the work out of the first request.
     */
    public void follow(RouteTable next) {
        if (next == table) {
            return;
        }
        var before = new HashMap<String, SplitCursor>();
        for (SplitCursor cursor : cursors) {
            before.put(cursor.split().name(), cursor);
        }
        cursors = next.routes().stream()
                .map(route -> cursorFor(route.split(), before.get(route.split().name())))
                .toArray(SplitCursor[]::new);
        table = next;
    }

    /** Forgets what the last decision left behind. */
    void begin(RouteTable current) {
        mintedVisitor = null;
        if (current != table) {
            follow(current);
        }
    }

    XxHash64 hash() {
        return hash;
    }

    /** The cursor for the split of this route, or null if the route belongs to another table than the one followed. */
    @Nullable
    SplitCursor cursorOf(Route route) {
        int index = route.index();
        return table != null && index < cursors.length && table.routes().get(index) == route ? cursors[index] : null;
    }

    /** The id of a visitor without one, the same again for the same request within a slot of time. */
    String visitorId(RequestView request) {
        return mint.idOf(request, epochSeconds);
    }

    void minted(String visitor) {
        mintedVisitor = visitor;
    }

    private SplitCursor cursorFor(Split split, @Nullable SplitCursor before) {
        if (before == null) {
            return SplitCursor.start(split, loopIndex, loopCount);
        }
        before.adopt(split);
        return before;
    }
}
