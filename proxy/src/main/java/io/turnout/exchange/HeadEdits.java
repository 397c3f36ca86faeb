package io.turnout.exchange;

import io.turnout.http.Fields;
import io.turnout.http.RequestHead;
import io.turnout.snapshot.HeaderEdits;
import io.turnout.snapshot.RoutePlan;
import io.turnout.snapshot.TargetPlan;

/** Applies a plan's changes to heads. Stateless. */
final class HeadEdits {
    private HeadEdits() {}

    static void apply(RoutePlan route, TargetPlan target, RequestHead head) {
        apply(target.requestEdits(), head.fields());
        String prefix = target.pathPrefix();
        if (prefix != null) {
            String path = head.path(new io.turnout.http.ByteText()).toString();
            head.rewritePath(joined(prefix, path.substring(Math.min(route.matchedPrefixLength(), path.length()))));
        }
        String authority = target.authority();
        if (authority != null) {
            head.rewriteAuthority(authority);
        }
    }

    static void apply(HeaderEdits edits, Fields fields) {
        if (edits.isNone()) {
            return;
        }
        for (String name : edits.remove()) {
            fields.drop(name);
        }
        for (HeaderEdits.Field field : edits.set()) {
            fields.drop(field.lowerCaseName());
            fields.add(field.name(), field.value());
        }
        for (HeaderEdits.Field field : edits.add()) {
            fields.add(field.name(), field.value());
        }
    }

    /** One slash between the two, whichever of them has it. */
    private static String joined(String prefix, String rest) {
        String head = prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
        if (rest.isEmpty()) {
            return prefix;
        }
        return rest.startsWith("/") ? head + rest : head + "/" + rest;
    }
}
