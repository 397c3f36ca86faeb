package io.turnout.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A copied head says all that the original says, also what will be added to heads one day. */
class RequestHeadCopyTest {
    /** The parser's place in a head that has not arrived whole: a copy is made of whole ones only. */
    private static final Set<String> OF_THE_PARSER = Set.of("lineStart", "scanned", "blankLines", "hasRequestLine");

    @Test
    void everythingButTheParsersPlaceIsCopied() throws IllegalAccessException {
        RequestHead original = new RequestHead();
        original.fields().add("Host", "example.test");
        original.fields().add("X-Gone", "1");
        original.fields().drop("x-gone");
        for (Field field : RequestHead.class.getDeclaredFields()) {
            if (isState(field)) {
                fill(field, original);
            }
        }
        RequestHead copy = new RequestHead();
        copy.fields().add("Before", "it was reused");
        copy.copyFrom(original);
        assertThat(copy.fields().toString()).isEqualTo("Host: example.test\n");
        assertThat(copy.fields().bytes()).isNotSameAs(original.fields().bytes());
        for (Field field : RequestHead.class.getDeclaredFields()) {
            if (isState(field)) {
                field.setAccessible(true);
                assertThat(field.get(copy)).as(field.getName()).isEqualTo(field.get(original));
            }
        }
    }

    private static boolean isState(Field field) {
        return !Modifier.isStatic(field.getModifiers())
                && !Modifier.isFinal(field.getModifiers())
                && !OF_THE_PARSER.contains(field.getName());
    }

    private static void fill(Field field, RequestHead head) throws IllegalAccessException {
        field.setAccessible(true);
        Class<?> type = field.getType();
        if (type == int.class) {
            field.setInt(head, 7);
        } else if (type == long.class) {
            field.setLong(head, 11);
        } else if (type == boolean.class) {
            field.setBoolean(head, !field.getBoolean(head));
        } else if (type.isEnum()) {
            Object[] values = type.getEnumConstants();
            field.set(head, values[values.length - 1] == field.get(head) ? values[0] : values[values.length - 1]);
        } else if (type == byte[].class) {
            field.set(head, new byte[] {1, 2});
        } else if (type == String.class) {
            field.set(head, "text");
        } else {
            throw new AssertionError("say here how to fill " + field);
        }
    }

    @Test
    void aBodyIsDroppedWithTheFieldsThatDescribeIt() {
        RequestHead head = new RequestHead();
        head.method = Method.POST;
        head.framing = Framing.STREAM;
        head.fields().add("Content-Type", "text/plain");
        head.fields().add("Digest", "sha-256=x");
        head.fields().add("X-Kept", "1");
        head.dropBody();
        assertThat(head.framing()).isEqualTo(Framing.NONE);
        assertThat(head.fields().toString()).isEqualTo("X-Kept: 1\nContent-Length: 0\n");
    }
}
