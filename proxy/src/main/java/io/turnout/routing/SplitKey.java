package io.turnout.routing;

import java.util.Objects;

/**
 * What makes the pick of a split keep a user on one side. Immutable.
 *
 * @param salt told apart splits pick independent users; no NUL character, for that ends the salt in the hash
 */
public record SplitKey(KeySource source, String salt, WithoutKey withoutKey) {
    /** What happens to a request that brings no key. */
    public enum WithoutKey {
        /** It is drawn by weight, with reason {@link io.turnout.model.DecisionReason#KEYLESS}. */
        DRAW,
        /** It gets a visitor id from the {@link VisitorMint}, which is its key. Only for cookies. */
        MINT
    }

    public SplitKey {
        Objects.requireNonNull(source);
        if (salt.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("found a NUL character in the salt, expected none");
        }
        if (withoutKey == WithoutKey.MINT && !(source instanceof KeySource.Cookie)) {
            throw new IllegalArgumentException("found a visitor id minted into a " + source + ", expected a cookie");
        }
    }
}
