package io.turnout.config.shape;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A piece of the file that remembers where it stood. Immutable. */
public sealed interface Located {
    /** Where its text begins. */
    Place place();

    /** Where it is in the structure, as in {@code routes[0].name}; empty for the root. */
    String path();

    /** What it is, in words for a message; never the text of a secret, which only its shape could know to be one. */
    String described();

    /** The value under a key, or this itself when there is none: the nearest place to point at. */
    default Located nearest(String key) {
        Located child = this instanceof Entries entries ? entries.valueOf(key) : null;
        return child == null ? this : child;
    }

    /** How a scalar was written, which decides what it may be read as. */
    enum Style {
        /** Bare: the YAML 1.2 core schema says what it is. */
        PLAIN,
        /** In quotes or as a block: text. */
        QUOTED,
        /** Made from a variable or a default: whatever is wanted. */
        FREE,
        /** A problem was already reported here: nothing more is said about it. */
        BROKEN
    }

    /** A single value. */
    record Scalar(Place place, String path, String text, Style style) implements Located {
        private static final int SHOWN = 60;

        /** Whether it is the null of the core schema: nothing, {@code ~} or {@code null}. */
        boolean isNull() {
            return style == Style.PLAIN && CoreType.of(text) == CoreType.NULL;
        }

        /** What JSON has for it: a {@link String}, {@link Boolean}, {@link Long} or {@link Double}; null for null or none. */
        public @Nullable Object jsonValue() {
            if (style == Style.BROKEN) {
                return null;
            }
            return switch (style == Style.PLAIN ? CoreType.of(text) : CoreType.TEXT) {
                case NULL -> null;
                case BOOLEAN -> Boolean.valueOf(text);
                case INTEGER -> Scalars.parseInteger(text);
                case FLOAT -> Scalars.parseDecimal(text);
                case TEXT -> text;
            };
        }

        @Override
        public String described() {
            CoreType type = style == Style.PLAIN ? CoreType.of(text) : CoreType.TEXT;
            return switch (type) {
                case NULL -> "nothing";
                case BOOLEAN -> "the boolean " + text;
                case INTEGER, FLOAT -> "the number " + shown(text);
                case TEXT -> "\"" + shown(text) + "\"";
            };
        }

        /** Long text cut, so that a message can be taken in at a glance. */
        static String shown(String text) {
            return text.codePointCount(0, text.length()) <= SHOWN
                    ? text
                    : text.substring(0, text.offsetByCodePoints(0, SHOWN)) + "...";
        }
    }

    /** A list. */
    record Items(Place place, String path, List<Located> items) implements Located {
        public Items {
            items = List.copyOf(items);
        }

        @Override
        public String described() {
            return items.isEmpty() ? "an empty list" : "a list";
        }
    }

    /** A mapping, in the order of the file; keys are distinct. */
    record Entries(Place place, String path, List<Entry> entries) implements Located {
        public Entries {
            entries = List.copyOf(entries);
        }

        /** The value under the key, or null. */
        public @Nullable Located valueOf(String key) {
            for (Entry entry : entries) {
                if (entry.key().text().equals(key)) {
                    return entry.value();
                }
            }
            return null;
        }

        @Override
        public String described() {
            return entries.isEmpty() ? "an empty mapping" : "a mapping";
        }
    }

    /** A key with its value; both have the path of the value. */
    record Entry(Scalar key, Located value) {}
}
