package io.turnout.compare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Finds the fields in which two JSON documents differ. Confined to one comparison.
 *
 * <p>Members are compared by name, elements by place unless a rule says the array has no order. Numbers are equal when
 * their values are, however they are written. A member that is null differs from one that is not there.
 */
final class JsonWalk {
    /** More fields than this say no more than that the answers are different documents. */
    private static final int MAX_FIELDS = 100;

    /** Elements of an array without order that found no equal are matched pairwise, which is quadratic. */
    private static final int MAX_MATCHED = 200;

    private final CompiledRules rules;
    private final JsonPath path;
    private final Map<Field, Difference> found = new LinkedHashMap<>();
    private final boolean onlyWhether;

    private JsonWalk(CompiledRules rules, JsonPath path, boolean onlyWhether) {
        this.rules = rules;
        this.path = path;
        this.onlyWhether = onlyWhether;
    }

    static List<Difference> differences(JsonNode primary, JsonNode other, CompiledRules rules) {
        JsonWalk walk = new JsonWalk(rules, new JsonPath(), false);
        walk.compare(primary, other);
        return List.copyOf(walk.found.values());
    }

    private void compare(@Nullable JsonNode a, @Nullable JsonNode b) {
        if (isFull() || rules.isIgnored(path)) {
            return;
        }
        if (a == null || b == null) {
            report(a, b);
        } else if (a.isObject() && b.isObject()) {
            compareObjects(a, b);
        } else if (a.isArray() && b.isArray()) {
            compareArrays(a, b);
        } else if (!equalScalars(a, b)) {
            report(a, b);
        }
    }

    private boolean isFull() {
        return found.size() >= (onlyWhether ? 1 : MAX_FIELDS);
    }

    private void compareObjects(JsonNode a, JsonNode b) {
        Set<String> names = new LinkedHashSet<>(a.propertyNames());
        names.addAll(b.propertyNames());
        for (String name : names) {
            path.enterMember(name);
            compare(a.get(name), b.get(name));
            path.leave();
        }
    }

    private void compareArrays(JsonNode a, JsonNode b) {
        List<JsonNode> left = elements(a);
        List<JsonNode> right = elements(b);
        if (rules.isUnordered(path)) {
            dropEquals(left, right);
        }
        for (int i = 0; i < Math.max(left.size(), right.size()); i++) {
            path.enterElement(i);
            compare(i < left.size() ? left.get(i) : null, i < right.size() ? right.get(i) : null);
            path.leave();
        }
    }

    private static List<JsonNode> elements(JsonNode array) {
        List<JsonNode> elements = new ArrayList<>(array.size());
        array.forEach(elements::add);
        return elements;
    }

    /** Takes out every element that has an equal on the other side, each of which serves once. */
    private void dropEquals(List<JsonNode> left, List<JsonNode> right) {
        dropSame(left, right);
        if (left.size() > MAX_MATCHED || right.size() > MAX_MATCHED) {
            return;
        }
        // Those that are equal only by the rules: ignored members, tolerances, arrays without order below.
        path.enterElement(0);
        left.removeIf(element -> {
            for (int i = 0; i < right.size(); i++) {
                if (isEqual(element, right.get(i))) {
                    right.remove(i);
                    return true;
                }
            }
            return false;
        });
        path.leave();
    }

    private static void dropSame(List<JsonNode> left, List<JsonNode> right) {
        Map<JsonNode, Integer> counts = new LinkedHashMap<>();
        right.forEach(element -> counts.merge(element, 1, Integer::sum));
        List<JsonNode> matched = new ArrayList<>();
        left.removeIf(element -> {
            Integer count = counts.get(element);
            if (count == null || count == 0) {
                return false;
            }
            counts.put(element, count - 1);
            matched.add(element);
            return true;
        });
        Map<JsonNode, Integer> toDrop = new LinkedHashMap<>();
        matched.forEach(element -> toDrop.merge(element, 1, Integer::sum));
        right.removeIf(element -> {
            Integer count = toDrop.get(element);
            if (count == null || count == 0) {
                return false;
            }
            toDrop.put(element, count - 1);
            return true;
        });
    }

    private boolean isEqual(JsonNode a, JsonNode b) {
        JsonWalk probe = new JsonWalk(rules, path, true);
        probe.compare(a, b);
        return probe.found.isEmpty();
    }

    private boolean equalScalars(JsonNode a, JsonNode b) {
        if (a.isNumber() && b.isNumber()) {
            return equalNumbers(a, b);
        }
        if (a.isString() && b.isString()) {
            String left = a.stringValue();
            String right = b.stringValue();
            return left.equals(right)
                    || (rules.hasPatterns() && rules.essence(left).equals(rules.essence(right)));
        }
        return a.equals(b);
    }

    private boolean equalNumbers(JsonNode a, JsonNode b) {
        if (a.decimalValue().compareTo(b.decimalValue()) == 0) {
            return true;
        }
        double tolerance = rules.tolerance(path);
        if (tolerance == 0) {
            return false;
        }
        double left = a.decimalValue().doubleValue();
        double right = b.decimalValue().doubleValue();
        return Double.isFinite(left)
                && Double.isFinite(right)
                && Math.abs(left - right) <= tolerance * Math.max(Math.abs(left), Math.abs(right));
    }

    /** The first difference of a field is the one that is shown. */
    private void report(@Nullable JsonNode a, @Nullable JsonNode b) {
        Field field = new Field(FieldClass.BODY, path.field());
        if (!found.containsKey(field)) {
            found.put(field, new Difference(field, JsonText.of(a, rules, path), JsonText.of(b, rules, path)));
        }
    }
}
