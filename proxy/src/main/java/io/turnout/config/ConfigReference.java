package io.turnout.config;

import io.turnout.config.shape.Reference;

/** The reference of all keys as Markdown, for the documentation. Stateless. */
public final class ConfigReference {
    private ConfigReference() {}

    /** One section with a table for each kind of mapping, in the order in which they are met. */
    public static String markdown() {
        return Reference.markdown(TopShapes.TURNOUT);
    }
}
