package io.turnout.cli;

import io.turnout.adminapi.ExplainAnswer;
import io.turnout.adminapi.ExplainRequest;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Asks where a request would go and why. Confined to the thread that runs it. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description =
                "Says which route, variant and why for a request that is described, not sent. Exit 1 if no route matches.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  turnout explain http://shop.example.com/cart",
            "  turnout explain -H 'Cookie: uid=42' http://shop.example.com/",
            "  turnout explain -X POST --client-address 203.0.113.9 http://shop.example.com/orders"
        })
final class ExplainCommand implements Callable<Integer> {
    @Mixin
    private AdminOptions admin = new AdminOptions();

    @Option(
            names = {"-X", "--method"},
            paramLabel = "METHOD",
            defaultValue = "GET",
            description = "GET by default")
    private String method = "GET";

    @Option(
            names = {"-H", "--header"},
            paramLabel = "'NAME: VALUE'",
            description = "A header field; can be repeated")
    private List<String> headers = List.of();

    @Option(names = "--client-address", paramLabel = "IP", description = "Where the request comes from")
    private @Nullable String clientAddress;

    @Parameters(index = "0", paramLabel = "URL", description = "http://host/path?query, or /path?query for any host")
    private String url = "";

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() throws CommandFailure {
        var received = admin.client().ask("/api/v1/explain", question(), ExplainAnswer.class);
        PrintWriter out = spec.commandLine().getOut();
        out.print(admin.json() ? received.json() + "\n" : ExplainText.of(received.value()));
        out.flush();
        return received.value().choice() == null ? ExitCode.NEGATIVE : ExitCode.OK;
    }

    private ExplainRequest question() throws CommandFailure {
        int scheme = url.indexOf("://");
        String rest = scheme < 0 ? url : url.substring(scheme + "://".length());
        int end = 0;
        while (end < rest.length() && "/?#".indexOf(rest.charAt(end)) < 0) {
            end++;
        }
        if (scheme < 0 && end > 0) {
            throw misuse("\"" + url + "\"", "a URL such as http://shop.example.com/cart, or a path such as /cart");
        }
        Map<String, String> fields = fields();
        String named = fields.remove("host");
        String host = named != null ? named : end == 0 ? null : rest.substring(0, end);
        return new ExplainRequest(method, host, target(rest.substring(end)), fields, clientAddress);
    }

    /** The fragment stays with the client; a URL without a path means the root. */
    private static String target(String rest) {
        int fragment = rest.indexOf('#');
        String target = fragment < 0 ? rest : rest.substring(0, fragment);
        return target.startsWith("/") ? target : "/" + target;
    }

    private Map<String, String> fields() throws CommandFailure {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String header : headers) {
            int colon = header.indexOf(':');
            if (colon < 1) {
                throw misuse("-H \"" + header + "\"", "a name, a colon and a value");
            }
            String name = header.substring(0, colon).strip().toLowerCase(Locale.ROOT);
            String joint = name.equals("cookie") ? "; " : ", ";
            fields.merge(name, header.substring(colon + 1).strip(), (before, more) -> before + joint + more);
        }
        return fields;
    }

    private static CommandFailure misuse(String found, String expected) {
        return new CommandFailure(ExitCode.USAGE, "found " + found + ", expected " + expected);
    }
}
