package io.turnout.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A manual page in the making: text in the macros of man(7). Mutable; use it from one thread. */
final class Roff {
    private static final Pattern CODE = Pattern.compile("`([^`]*)`");

    private final StringBuilder text = new StringBuilder();

    /** A page with its head. */
    Roff(String name, int section, String version) {
        text.append(".TH ").append(name).append(' ').append(section);
        text.append(" \"\" \"turnout ").append(plain(version)).append("\"\n");
        // Words of the command line are not to be cut at the end of a line.
        text.append(".nh\n");
    }

    Roff section(String title) {
        text.append(".SH ").append(plain(title)).append('\n');
        return this;
    }

    Roff subsection(String title) {
        text.append(".SS ").append(plain(title)).append('\n');
        return this;
    }

    /** A paragraph, in which what stands between backquotes is bold. */
    Roff paragraph(String words) {
        text.append(".PP\n").append(line(words)).append('\n');
        return this;
    }

    /** A term, bold, and what it means, further in. */
    Roff term(String term, String meaning) {
        text.append(".TP\n").append(line("`" + term + "`")).append('\n');
        text.append(line(meaning)).append('\n');
        return this;
    }

    /** Lines that stay as they are. */
    Roff verbatim(Iterable<String> lines) {
        text.append(".PP\n.nf\n");
        lines.forEach(line -> text.append(guarded(plain(line))).append('\n'));
        text.append(".fi\n");
        return this;
    }

    private static String line(String words) {
        Matcher code = CODE.matcher(plain(words.strip().replaceAll("\\s+", " ")));
        return guarded(code.replaceAll("\\\\fB$1\\\\fR"));
    }

    /** A line that begins with a control character would be a macro. */
    private static String guarded(String line) {
        return line.isEmpty() || line.startsWith(".") || line.startsWith("'") ? "\\&" + line : line;
    }

    /** A bare minus would be set as a hyphen, which nobody can paste into a shell. */
    private static String plain(String words) {
        return words.replace("\\", "\\e").replace("-", "\\-");
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
