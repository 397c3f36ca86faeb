package io.turnout.routing;

import org.jspecify.annotations.Nullable;

/** {@link Conditions} without the path, as arrays: checked per request without an iterator. Immutable. */
final class FieldConditions {
    private final String[] methods;
    private final FieldMatch[] fields;

    FieldConditions(Conditions conditions) {
        methods = conditions.methods().toArray(String[]::new);
        fields = conditions.fields().toArray(FieldMatch[]::new);
    }

    boolean hold(RequestView request) {
        if (!methodHolds(request)) {
            return false;
        }
        for (FieldMatch field : fields) {
            if (!field.matches(request)) {
                return false;
            }
        }
        return true;
    }

    /** The first condition the request fails, in words; null if all hold. */
    @Nullable
    String firstFailing(RequestView request) {
        if (!methodHolds(request)) {
            return "method is " + request.method() + ", wanted " + String.join(" or ", methods);
        }
        for (FieldMatch field : fields) {
            if (!field.matches(request)) {
                return field.mismatch(request);
            }
        }
        return null;
    }

    private boolean methodHolds(RequestView request) {
        if (methods.length == 0) {
            return true;
        }
        CharSequence method = request.method();
        for (String wanted : methods) {
            if (Octets.equal(method, wanted)) {
                return true;
            }
        }
        return false;
    }
}
