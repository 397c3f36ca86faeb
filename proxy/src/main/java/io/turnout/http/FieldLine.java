package io.turnout.http;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A field that is added to many heads: checked, and put into the octets of its line, once. Immutable. */
public final class FieldLine {
    private final String lowerCaseName;
    private final byte[] octets;
    private final int nameLength;
    private final @Nullable KnownField known;

    private FieldLine(String name, String value) {
        Fields one = new Fields();
        one.add(name, value);
        lowerCaseName = name.toLowerCase(Locale.ROOT);
        octets = (name + ": " + value + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        nameLength = name.length();
        known = one.known(0);
    }

    /**
     * The line of a field.
     *
     * @throws IllegalArgumentException as {@link Fields#add(CharSequence, CharSequence)}
     */
    public static FieldLine of(String name, String value) {
        return new FieldLine(name, value);
    }

    /** The field's name in lower case. */
    public String lowerCaseName() {
        return lowerCaseName;
    }

    /** From the name to the CRLF; not written to. */
    byte[] octets() {
        return octets;
    }

    /** Octets of the name, with which the line begins. */
    int nameLength() {
        return nameLength;
    }

    /** The field's meaning, or null when it is not one we know. */
    @Nullable
    KnownField known() {
        return known;
    }
}
