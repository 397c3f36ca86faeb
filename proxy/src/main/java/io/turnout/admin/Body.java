package io.turnout.admin;

import java.nio.charset.StandardCharsets;

/** The octets of a request's or answer's body. Immutable by convention: the array is handed over and never written to. */
final class Body {
    private final byte[] octets;

    private Body(byte[] octets) {
        this.octets = octets;
    }

    /** Takes the array over. */
    static Body of(byte[] octets) {
        return new Body(octets);
    }

    /** The text in UTF-8. */
    static Body of(String text) {
        return new Body(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The array itself, to be read. */
    byte[] octets() {
        return octets;
    }

    int size() {
        return octets.length;
    }

    boolean isEmpty() {
        return octets.length == 0;
    }
}
