package io.turnout.admin.page;

/** How characters that mean something to the format are written. Stateless. */
final class Escapes {
    private Escapes() {}

    /** Text up to the end of a line. */
    static String line(String text) {
        return text.replace("\\", "\\\\").replace("\n", "\\n");
    }

    /** The value of a label, between quotes. */
    static void appendLabel(String value, StringBuilder to) {
        // Names of a configuration hold none of these.
        if (value.indexOf('\\') < 0 && value.indexOf('"') < 0 && value.indexOf('\n') < 0) {
            to.append(value);
        } else {
            to.append(line(value).replace("\"", "\\\""));
        }
    }
}
