package io.turnout.config.shape;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A name that other parts of the file refer to, or such a reference. Names end up in URLs, headers and metric labels;
 * their letters are limited to what is harmless in all of them.
 */
public final class NameShape implements Shape<String> {
    private static final String PATTERN = "[A-Za-z0-9][A-Za-z0-9_.-]{0,62}";

    private final String kind;
    private final boolean defines;
    private final ScalarShape<String> text;

    private NameShape(String kind, boolean defines) {
        this.kind = kind;
        this.defines = defines;
        String what = defines ? "a name" : "the name of a " + kind;
        this.text = Scalars.text(
                what + " of at most 63 letters, digits, \".\", \"_\" and \"-\"",
                defines ? "name" : "name of a " + kind,
                PATTERN);
    }

    /** A name that becomes known for its kind. */
    public static NameShape defining(String kind) {
        return new NameShape(kind, true);
    }

    /** The use of a name of a kind. */
    public static NameShape referringTo(String kind) {
        return new NameShape(kind, false);
    }

    @Override
    public @Nullable String read(Located at, Reading reading) {
        String name = text.read(at, reading);
        if (name != null && defines) {
            reading.define(kind, name);
        } else if (name != null) {
            reading.refer(kind, name, at);
        }
        return name;
    }

    @Override
    public Object write(String value) {
        return value;
    }

    @Override
    public Map<String, Object> schema(Definitions definitions) {
        return text.schema(definitions);
    }

    @Override
    public String expected() {
        return text.expected();
    }

    @Override
    public String typeName() {
        return text.typeName();
    }
}
