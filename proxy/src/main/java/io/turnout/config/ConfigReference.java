package io.turnout.config;

import io.turnout.config.shape.Reference;
import java.util.List;

/** The reference of all keys, for the documentation. Stateless. */
public final class ConfigReference {
    private ConfigReference() {}

    /** One section with a table for each kind of mapping, in the order in which they are met. */
    public static String markdown() {
        return Reference.markdown(TopShapes.TURNOUT);
    }

    /** The same in parts, for other forms of it. */
    public static List<Reference.Section> sections() {
        return Reference.sections(TopShapes.TURNOUT);
    }
}
