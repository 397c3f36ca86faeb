package io.turnout.h2;

import io.netty.handler.codec.EmptyHeaders;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map.Entry;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * The field lines of one section as they were decoded, in their order: a list without a table over it, used for one
 * section after the other. It is looked at and then cleared within the call that hands it out.
 *
 * <p>Looks at no octet: whoever reads the lines holds them to the rules (see {@code http.H2RequestReader}). Of the codec's
 * interface it has what the codec uses on received sections; all else is refused. Confined to its connection's event loop.
 */
final class FieldSection extends EmptyHeaders<CharSequence, CharSequence, Http2Headers> implements Http2Headers {
    /** Larger ones are let go rather than kept for the next section. */
    private static final int KEPT_LINES = 64;

    private CharSequence[] names = new CharSequence[16];
    private CharSequence[] values = new CharSequence[16];
    private int lines;

    @Override
    public Http2Headers add(CharSequence name, CharSequence value) {
        if (lines == names.length) {
            names = Arrays.copyOf(names, 2 * lines);
            values = Arrays.copyOf(values, 2 * lines);
        }
        names[lines] = name;
        values[lines++] = value;
        return this;
    }

    @Override
    public Http2Headers clear() {
        if (names.length > KEPT_LINES) {
            names = new CharSequence[KEPT_LINES];
            values = new CharSequence[KEPT_LINES];
        } else {
            Arrays.fill(names, 0, lines, null);
            Arrays.fill(values, 0, lines, null);
        }
        lines = 0;
        return this;
    }

    @Override
    public int size() {
        return lines;
    }

    @Override
    public boolean isEmpty() {
        return lines == 0;
    }

    @Override
    public @Nullable CharSequence get(CharSequence name) {
        int line = find(name, 0);
        return line < 0 ? null : values[line];
    }

    @Override
    public boolean contains(CharSequence name) {
        return find(name, 0) >= 0;
    }

    @Override
    public List<CharSequence> getAll(CharSequence name) {
        int line = find(name, 0);
        if (line < 0) {
            return List.of();
        }
        List<CharSequence> found = new ArrayList<>();
        for (; line >= 0; line = find(name, line + 1)) {
            found.add(values[line]);
        }
        return found;
    }

    /** One line says it now, in the place of the first that did. */
    @Override
    public Http2Headers setLong(CharSequence name, long value) {
        int first = find(name, 0);
        if (first < 0) {
            return add(name, new AsciiString(Long.toString(value)));
        }
        values[first] = new AsciiString(Long.toString(value));
        for (int line = find(name, first + 1); line >= 0; line = find(name, line)) {
            int behind = --lines - line;
            System.arraycopy(names, line + 1, names, line, behind);
            System.arraycopy(values, line + 1, values, line, behind);
        }
        return this;
    }

    private int find(CharSequence name, int from) {
        for (int line = from; line < lines; line++) {
            if (AsciiString.contentEquals(name, names[line])) {
                return line;
            }
        }
        return -1;
    }

    @Override
    public Iterator<Entry<CharSequence, CharSequence>> iterator() {
        return new Lines();
    }

    @Override
    public Iterator<CharSequence> valueIterator(CharSequence name) {
        return getAll(name).iterator();
    }

    @Override
    public @Nullable CharSequence method() {
        return get(PseudoHeaderName.METHOD.value());
    }

    @Override
    public @Nullable CharSequence scheme() {
        return get(PseudoHeaderName.SCHEME.value());
    }

    @Override
    public @Nullable CharSequence authority() {
        return get(PseudoHeaderName.AUTHORITY.value());
    }

    @Override
    public @Nullable CharSequence path() {
        return get(PseudoHeaderName.PATH.value());
    }

    @Override
    public @Nullable CharSequence status() {
        return get(PseudoHeaderName.STATUS.value());
    }

    @Override
    public Http2Headers method(CharSequence value) {
        throw readOnly();
    }

    @Override
    public Http2Headers scheme(CharSequence value) {
        throw readOnly();
    }

    @Override
    public Http2Headers authority(CharSequence value) {
        throw readOnly();
    }

    @Override
    public Http2Headers path(CharSequence value) {
        throw readOnly();
    }

    @Override
    public Http2Headers status(CharSequence value) {
        throw readOnly();
    }

    @Override
    public boolean contains(CharSequence name, CharSequence value, boolean caseInsensitive) {
        throw readOnly();
    }

    private static UnsupportedOperationException readOnly() {
        return new UnsupportedOperationException("a received section is only read");
    }

    /** A pass over the lines; the entry it hands out is itself, and holds until the next one. */
    private final class Lines
            implements Iterator<Entry<CharSequence, CharSequence>>, Entry<CharSequence, CharSequence> {
        private int next;

        @Override
        public boolean hasNext() {
            return next < lines;
        }

        @Override
        public Entry<CharSequence, CharSequence> next() {
            if (next == lines) {
                throw new NoSuchElementException();
            }
            next++;
            return this;
        }

        @Override
        public CharSequence getKey() {
            return names[next - 1];
        }

        @Override
        public CharSequence getValue() {
            return values[next - 1];
        }

        @Override
        public CharSequence setValue(CharSequence value) {
            throw readOnly();
        }
    }
}
