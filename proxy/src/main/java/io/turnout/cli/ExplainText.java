package io.turnout.cli;

import io.turnout.adminapi.ExplainAnswer;

/** An explanation as people read it. Stateless. */
final class ExplainText {
    private ExplainText() {}

    static String of(ExplainAnswer answer) {
        var text = new StringBuilder();
        ExplainAnswer.Choice choice = answer.choice();
        if (choice == null) {
            line("route", "none: the answer is 404", text);
        } else {
            choice(choice, text);
        }
        text.append("\nroutes of generation ").append(answer.generation()).append(", in file order\n");
        Table routes = new Table(3, "ROUTE", "FATE", "WHY");
        answer.routes().forEach(route -> routes.row(route.route(), fate(route.fate()), route.why()));
        return text.append(routes.text("  ")).toString();
    }

    private static void choice(ExplainAnswer.Choice choice, StringBuilder to) {
        line("route", choice.route(), to);
        line("pool", choice.pool() == null ? "drawn by weight for each request" : choice.pool(), to);
        line("reason", choice.reason(), to);
        for (ExplainAnswer.AskedRule rule : choice.rules()) {
            String outcome = rule.failing() == null ? "holds" : "no: " + rule.failing();
            line("rule", rule.rule() + " " + outcome, to);
        }
        for (ExplainAnswer.Share share : choice.shares()) {
            line(
                    "share",
                    share.pool() + " " + Printable.percent(share.share()) + " (weight " + share.weight() + ")",
                    to);
        }
        if (choice.key() != null) {
            key(choice.key(), to);
        }
    }

    private static void key(ExplainAnswer.Key key, StringBuilder to) {
        String origin = key.minted() ? " (would be minted)" : "";
        line("key", key.source() + " = " + key.value() + origin, to);
        line("hash", key.hash() + " with salt " + key.salt(), to);
        if (key.canaryBeginsAt() != null) {
            line("canary", "this user is on it when its share is above " + Printable.percent(key.canaryBeginsAt()), to);
        }
    }

    private static String fate(String fate) {
        return fate.equals("noMatch") ? "no match" : fate;
    }

    private static void line(String name, String value, StringBuilder to) {
        String shown = Printable.text(value).replace('\n', ' ');
        to.append(name).append(" ".repeat(8 - name.length())).append(shown).append('\n');
    }
}
