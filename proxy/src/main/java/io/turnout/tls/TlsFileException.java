package io.turnout.tls;

/** A file of certificates or keys that cannot be used: what was found in it and what was expected. */
public final class TlsFileException extends Exception {
    private static final long serialVersionUID = 1;

    /** What about the file is wrong, as far as somebody may want to tell cases apart. */
    public enum Kind {
        /** It cannot be read, or holds something else. */
        UNUSABLE,
        /** The certificate is not valid at this time. */
        NOT_NOW
    }

    private final Kind kind;
    private final String file;
    private final String found;
    private final String expected;

    TlsFileException(Kind kind, String file, String found, String expected) {
        super(file + ": found " + found + ", expected " + expected);
        this.kind = kind;
        this.file = file;
        this.found = found;
        this.expected = expected;
    }

    TlsFileException(String file, String found, String expected) {
        this(Kind.UNUSABLE, file, found, expected);
    }

    /** What kind of trouble it is. */
    public Kind kind() {
        return kind;
    }

    /** The file's path. */
    public String file() {
        return file;
    }

    /** What was found; never any of a key. */
    public String found() {
        return found;
    }

    /** What was expected instead. */
    public String expected() {
        return expected;
    }
}
