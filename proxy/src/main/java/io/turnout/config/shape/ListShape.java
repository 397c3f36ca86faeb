package io.turnout.config.shape;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A list of values of one shape. Immutable.
 *
 * @param <T> what is made of an item
 */
public final class ListShape<T> implements Shape<List<T>> {
    private final Shape<T> item;
    private final int least;
    private final boolean oneWithoutBrackets;
    private final @Nullable Identity<T> identity;

    /** What makes two items the same, and the key of an item that says so ("" for the item itself). */
    private record Identity<T>(String key, Function<T, Object> of) {}

    private ListShape(Shape<T> item, int least, boolean oneWithoutBrackets, @Nullable Identity<T> identity) {
        this.item = item;
        this.least = least;
        this.oneWithoutBrackets = oneWithoutBrackets;
        this.identity = identity;
    }

    /** A list of any length. */
    public static <T> ListShape<T> of(Shape<T> item) {
        return new ListShape<>(item, 0, false, null);
    }

    /** The same with at least one item. */
    public ListShape<T> notEmpty() {
        return new ListShape<>(item, 1, oneWithoutBrackets, identity);
    }

    /** The same, where a value that is no list stands for the list of it. */
    public ListShape<T> orOne() {
        return new ListShape<>(item, least, true, identity);
    }

    /** The same without items that are equal. */
    public ListShape<T> distinct() {
        return new ListShape<>(item, least, oneWithoutBrackets, new Identity<>("", value -> value));
    }

    /** The same without items that are equal in what a key of theirs says. */
    public ListShape<T> distinctBy(String key, Function<T, Object> of) {
        return new ListShape<>(item, least, oneWithoutBrackets, new Identity<>(key, of));
    }

    @Override
    public @Nullable List<T> read(Located at, Reading reading) {
        List<Located> written = written(at);
        if (written == null || written.size() < least) {
            reading.mismatch(at, expected());
            return null;
        }
        var values = new ArrayList<T>();
        Set<Object> seen = new HashSet<>();
        for (Located one : written) {
            T value = item.read(one, reading);
            if (value != null && isNew(value, seen, one, reading)) {
                values.add(value);
            }
        }
        return values.size() == written.size() ? values : null;
    }

    private @Nullable List<Located> written(Located at) {
        if (at instanceof Located.Items list) {
            return list.items();
        }
        return oneWithoutBrackets ? List.of(at) : null;
    }

    private boolean isNew(T value, Set<Object> seen, Located at, Reading reading) {
        if (identity == null || seen.add(identity.of.apply(value))) {
            return true;
        }
        String what = identity.key.isEmpty() ? "value" : identity.key;
        Located place = at.nearest(identity.key);
        reading.error(
                place,
                "a second " + Located.Scalar.shown(String.valueOf(identity.of.apply(value))),
                "each " + what + " once");
        return false;
    }

    @Override
    public Object write(List<T> value) {
        return value.stream().map(item::write).toList();
    }

    @Override
    public Map<String, Object> schema(Definitions definitions) {
        Map<String, Object> one = item.schema(definitions);
        Map<String, Object> list = Definitions.object("type", "array", "minItems", least, "items", one);
        return oneWithoutBrackets ? Map.of("anyOf", List.of(list, one)) : list;
    }

    @Override
    public String expected() {
        String list = "a list of " + (least > 0 ? "at least one: " : "items, each ") + item.expected();
        return oneWithoutBrackets ? list + "; or one of them" : list;
    }

    @Override
    public String typeName() {
        return (oneWithoutBrackets ? "one or list of " : "list of ") + item.typeName();
    }

    @Override
    public List<Shape<?>> parts() {
        return List.of(item);
    }

    @Override
    public boolean isSecret() {
        return item.isSecret();
    }
}
