package io.turnout.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a head or a trailer section, in the order they came, over one array of octets.
 *
 * <p>Built by a parser or by {@link #add}; after that fields can be dropped and added, never changed in place. Names
 * keep their letter case, values exclude surrounding white space (RFC 9110 section 5.5). Reused from message to
 * message; confined to one event loop.
 */
public final class Fields {
    private static final int STRIDE = 5;
    private static final int NAME_START = 0;
    private static final int NAME_END = 1;
    private static final int VALUE_START = 2;
    private static final int VALUE_END = 3;
    private static final int FLAGS = 4;

    private static final int KNOWN_MASK = 0xff;
    private static final int DROPPED = 0x100;
    private static final int CANONICAL = 0x200;

    private static final KnownField[] KNOWN = KnownField.values();

    private static final int KEPT_BYTES = 4096;

    byte[] bytes = new byte[1024];
    int filled;
    private int[] marks = new int[16 * STRIDE];
    private int count;
    private long present;

    /** Number of fields, the dropped ones included; valid indexes are 0 to this, exclusive. */
    public int count() {
        return count;
    }

    /** The array the windows point into; it is replaced when it grows. */
    public byte[] bytes() {
        return bytes;
    }

    /** Whether the field at the index has been dropped and must not be passed on. */
    public boolean isDropped(int index) {
        return (marks[index * STRIDE + FLAGS] & DROPPED) != 0;
    }

    /** The field's meaning, or null when it is not one we know. */
    public @Nullable KnownField known(int index) {
        int id = marks[index * STRIDE + FLAGS] & KNOWN_MASK;
        return id == 0 ? null : KNOWN[id - 1];
    }

    /** First octet of the field's name in {@link #bytes()}. */
    public int nameStart(int index) {
        return marks[index * STRIDE + NAME_START];
    }

    /** End of the field's name, exclusive. */
    public int nameEnd(int index) {
        return marks[index * STRIDE + NAME_END];
    }

    /** First octet of the field's value, white space excluded. */
    public int valueStart(int index) {
        return marks[index * STRIDE + VALUE_START];
    }

    /** End of the field's value, exclusive, white space excluded. */
    public int valueEnd(int index) {
        return marks[index * STRIDE + VALUE_END];
    }

    /** A copy of the field's name as it was written. */
    public String name(int index) {
        return text(nameStart(index), nameEnd(index));
    }

    /** A copy of the field's value, one char per octet. */
    public String value(int index) {
        return text(valueStart(index), valueEnd(index));
    }

    /** Whether at least one field of this meaning is there and not dropped. */
    public boolean has(KnownField field) {
        return (present & field.bit()) != 0;
    }

    /** Whether a field of any meaning in the mask of {@link KnownField#bit()}s is there and not dropped. */
    boolean hasAny(long mask) {
        return (present & mask) != 0;
    }

    /** Index of the first field of this meaning that is not dropped, or -1. */
    public int find(KnownField field) {
        return has(field) ? findFrom(field, 0) : -1;
    }

    /** Index of the first such field at or after {@code from}, or -1. */
    public int findFrom(KnownField field, int from) {
        int id = field.ordinal() + 1;
        for (int i = from; i < count; i++) {
            int flags = marks[i * STRIDE + FLAGS];
            if ((flags & KNOWN_MASK) == id && (flags & DROPPED) == 0) {
                return i;
            }
        }
        return -1;
    }

    /** Index of the first field of this lower-case name that is not dropped, or -1. */
    public int find(CharSequence lowerCaseName) {
        for (int i = 0; i < count; i++) {
            if (!isDropped(i) && nameEquals(i, lowerCaseName)) {
                return i;
            }
        }
        return -1;
    }

    /** Value of the first field of this lower-case name, copied, or null. */
    public @Nullable String first(CharSequence lowerCaseName) {
        int index = find(lowerCaseName);
        return index < 0 ? null : value(index);
    }

    /** Whether the field's name equals the lower-case text, letter case aside. */
    public boolean nameEquals(int index, CharSequence lowerCaseName) {
        return Octets.equalsIgnoreCase(bytes, nameStart(index), nameEnd(index), lowerCaseName);
    }

    /** Whether the field's value equals the lower-case text, letter case aside. */
    public boolean valueEquals(int index, CharSequence lowerCaseText) {
        return Octets.equalsIgnoreCase(bytes, valueStart(index), valueEnd(index), lowerCaseText);
    }

    /** Takes the field at the index out of what is passed on. */
    public void drop(int index) {
        marks[index * STRIDE + FLAGS] |= DROPPED;
        KnownField field = known(index);
        if (field != null && findFrom(field, 0) < 0) {
            present &= ~field.bit();
        }
    }

    /** Drops every field of this meaning. */
    public void drop(KnownField field) {
        if (!has(field)) {
            return;
        }
        for (int i = findFrom(field, 0); i >= 0; i = findFrom(field, i + 1)) {
            marks[i * STRIDE + FLAGS] |= DROPPED;
        }
        present &= ~field.bit();
    }

    /** Drops every field of this lower-case name. */
    public void drop(CharSequence lowerCaseName) {
        for (int i = 0; i < count; i++) {
            if (!isDropped(i) && nameEquals(i, lowerCaseName)) {
                drop(i);
            }
        }
    }

    /**
     * Adds a field at the end.
     *
     * @throws IllegalArgumentException if the name is not a token or the value holds a control character: nothing may
     *     ever smuggle a line into a head through us (RFC 9110 section 5.5)
     */
    public void add(CharSequence name, CharSequence value) {
        int nameStart = append(name);
        int nameEnd = filled;
        int valueStart = append(value);
        if (!Octets.isToken(bytes, nameStart, nameEnd)) {
            throw new IllegalArgumentException("not a field name: " + name);
        }
        for (int i = valueStart; i < filled; i++) {
            if (isForbiddenInValue(bytes[i])) {
                throw new IllegalArgumentException("forbidden octet in the value of " + name);
            }
        }
        put(KnownField.of(bytes, nameStart, nameEnd), nameStart, nameEnd, valueStart, filled, false);
    }

    /** Adds a field at the end. */
    public void add(FieldLine line) {
        byte[] octets = line.octets();
        reserve(octets.length);
        int start = filled;
        System.arraycopy(octets, 0, bytes, start, octets.length);
        filled = start + octets.length;
        int nameEnd = start + line.nameLength();
        put(line.known(), start, nameEnd, nameEnd + 2, filled - 2, true);
    }

    /** Whether RFC 9110 section 5.5 keeps this octet out of a field value: every control but the tab. */
    static boolean isForbiddenInValue(byte b) {
        return (b >= 0 && b < 0x20 && b != '\t') || b == 0x7f;
    }

    /**
     * Records a field whose octets already stand in {@link #bytes}. Canonical: it stands as {@code Name: value CRLF}.
     *
     * <p>A name that differs from one we act on only by underscores is recorded as dropped: what speaks CGI or WSGI at the
     * origin takes {@code X_Forwarded_For} and {@code X-Forwarded-For} for the same field.
     */
    KnownFieldSeen mark(int nameStart, int nameEnd, int valueStart, int valueEnd, boolean canonical) {
        KnownField field = KnownField.of(bytes, nameStart, nameEnd);
        KnownFieldSeen seen = put(field, nameStart, nameEnd, valueStart, valueEnd, canonical);
        if (field == null && KnownField.isImitated(bytes, nameStart, nameEnd)) {
            marks[(count - 1) * STRIDE + FLAGS] |= DROPPED;
        }
        return seen;
    }

    private KnownFieldSeen put(
            @Nullable KnownField field, int nameStart, int nameEnd, int valueStart, int valueEnd, boolean canonical) {
        int at = count * STRIDE;
        if (at == marks.length) {
            marks = Arrays.copyOf(marks, marks.length * 2);
        }
        marks[at + NAME_START] = nameStart;
        marks[at + NAME_END] = nameEnd;
        marks[at + VALUE_START] = valueStart;
        marks[at + VALUE_END] = valueEnd;
        marks[at + FLAGS] = (field == null ? 0 : field.ordinal() + 1) | (canonical ? CANONICAL : 0);
        count++;
        if (field == null) {
            return KnownFieldSeen.UNKNOWN;
        }
        boolean repeated = (present & field.bit()) != 0;
        present |= field.bit();
        return repeated ? KnownFieldSeen.REPEATED : KnownFieldSeen.FIRST;
    }

    /** What {@link #mark} found out about the name. */
    enum KnownFieldSeen {
        UNKNOWN,
        FIRST,
        REPEATED
    }

    /** Whether the line of the field can be copied as it stands, from the name to the CRLF. */
    boolean isCanonical(int index) {
        return (marks[index * STRIDE + FLAGS] & CANONICAL) != 0;
    }

    /** Whether the field can be copied as it stands and has not been dropped. */
    boolean isCopied(int index) {
        return (marks[index * STRIDE + FLAGS] & (CANONICAL | DROPPED)) == CANONICAL;
    }

    /** Appends text to the octets, one octet per char, and returns where it begins. */
    int append(CharSequence text) {
        int length = text.length();
        reserve(length);
        int start = filled;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c > 0xff) {
                throw new IllegalArgumentException("not ISO-8859-1: U+" + Integer.toHexString(c));
            }
            bytes[start + i] = (byte) c;
        }
        filled = start + length;
        return start;
    }

    /** Makes room for so many more octets. */
    void reserve(int more) {
        if (filled + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, filled + more));
        }
    }

    /** Becomes a copy of the other, dropped fields included; nothing is shared. */
    public void copyFrom(Fields other) {
        if (bytes.length < other.filled) {
            bytes = new byte[other.bytes.length];
        }
        System.arraycopy(other.bytes, 0, bytes, 0, other.filled);
        if (marks.length < other.count * STRIDE) {
            marks = new int[other.marks.length];
        }
        System.arraycopy(other.marks, 0, marks, 0, other.count * STRIDE);
        filled = other.filled;
        count = other.count;
        present = other.present;
    }

    /** Forgets everything, and gives back the memory of an unusually large message. */
    public void clear() {
        filled = 0;
        count = 0;
        present = 0;
        if (bytes.length > KEPT_BYTES) {
            bytes = new byte[1024];
            marks = new int[16 * STRIDE];
        }
    }

    String text(int start, int end) {
        return new String(bytes, start, end - start, StandardCharsets.ISO_8859_1);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            if (!isDropped(i)) {
                text.append(name(i)).append(": ").append(value(i)).append('\n');
            }
        }
        return text.toString();
    }
}
