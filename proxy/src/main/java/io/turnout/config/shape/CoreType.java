package io.turnout.config.shape;

import java.util.regex.Pattern;

/**
 * What a plain scalar is by the core schema (YAML 1.2 section 10.3.2). The YAML library resolves by 1.1, where {@code on}
 * is a boolean and {@code 1:30} a number; its verdict is not asked for.
 */
enum CoreType {
    NULL,
    BOOLEAN,
    INTEGER,
    FLOAT,
    TEXT;

    /** No number that means anything is longer; keeps the patterns off long texts. */
    private static final int LONGEST_NUMBER = 100;

    private static final Pattern NULLS = Pattern.compile("|~|null|Null|NULL");
    private static final Pattern BOOLEANS = Pattern.compile("true|True|TRUE|false|False|FALSE");
    private static final Pattern INTEGERS = Pattern.compile("[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+");
    private static final Pattern FLOATS = Pattern.compile(
            "[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?" + "|[-+]?\\.(inf|Inf|INF)|\\.(nan|NaN|NAN)");

    static CoreType of(String plain) {
        if (plain.length() > LONGEST_NUMBER) {
            return TEXT;
        }
        if (NULLS.matcher(plain).matches()) {
            return NULL;
        }
        if (BOOLEANS.matcher(plain).matches()) {
            return BOOLEAN;
        }
        if (INTEGERS.matcher(plain).matches()) {
            return INTEGER;
        }
        return FLOATS.matcher(plain).matches() ? FLOAT : TEXT;
    }
}
