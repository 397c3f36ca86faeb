package io.turnout.exchange.mirror;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.Iterator;

/**
 * Request content that waits for a shadow to take it, shared with the original by reference count.
 *
 * <p>A slice keeps the whole buffer it was cut from alive, so the whole is what counts against the budget, once for all
 * slices of it that wait. Owns what it holds; confined to its event loop.
 */
@SuppressWarnings("ReferenceEquality") // whether two slices share memory is a matter of identity
final class PinnedPieces {
    private record Piece(ByteBuf slice, ByteBuf root) {}

    private final ArrayDeque<Piece> pieces = new ArrayDeque<>(4);

    boolean isEmpty() {
        return pieces.isEmpty();
    }

    /** Octets that holding this buffer too would pin in addition. */
    long cost(ByteBuf buffer) {
        ByteBuf root = root(buffer);
        Piece last = pieces.peekLast();
        return last != null && last.root == root ? 0 : root.capacity();
    }

    void add(ByteBuf buffer, int index, int length) {
        pieces.addLast(new Piece(buffer.retainedSlice(index, length), root(buffer)));
    }

    /** The oldest piece; it stays held. */
    ByteBuf first() {
        return pieces.element().slice;
    }

    /** Lets the oldest piece go; answers how many octets are no longer pinned. */
    long releaseFirst() {
        Piece gone = pieces.remove();
        gone.slice.release();
        Piece next = pieces.peekFirst();
        return next != null && next.root == gone.root ? 0 : gone.root.capacity();
    }

    /** Lets everything go. */
    void clear() {
        for (Iterator<Piece> all = pieces.iterator(); all.hasNext(); ) {
            all.next().slice.release();
            all.remove();
        }
    }

    /** The buffer that owns the memory, beneath slices and wrappers. */
    private static ByteBuf root(ByteBuf buffer) {
        ByteBuf root = buffer;
        for (ByteBuf under = root.unwrap(); under != null; under = root.unwrap()) {
            root = under;
        }
        return root;
    }
}
