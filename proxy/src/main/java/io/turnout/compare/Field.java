package io.turnout.compare;

/**
 * What may differ between two answers. Immutable.
 *
 * @param name a lower-case header name; for JSON the pointer (RFC 6901) with {@code *} for every element of an array;
 *     for other bodies, and for JSON as a whole, and for the status, empty
 */
public record Field(FieldClass kind, String name) {
    static final Field STATUS = new Field(FieldClass.STATUS, "");
    static final Field WHOLE_BODY = new Field(FieldClass.BODY, "");

    /** As people read it: {@code status}, {@code header etag}, {@code body /total}. */
    @Override
    public String toString() {
        return name.isEmpty() ? kind.label() : kind.label() + " " + name;
    }
}
