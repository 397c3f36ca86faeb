package io.turnout.cli;

import static io.turnout.cli.AdminClient.segment;

import io.turnout.adminapi.ChangeAnswer;
import io.turnout.adminapi.WeightsRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sets the weights of a route by hand. Confined to the thread that runs it. */
@Command(
        name = "weights",
        mixinStandardHelpOptions = true,
        description = "Lays weights over those of the file. A pool that is not named gets 0.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  turnout weights shop blue=90 green=10",
            "  turnout weights shop blue=1 green=1 --ttl 30m --reason \"load test\""
        })
final class WeightsCommand extends ChangeCommand {
    @Parameters(index = "0", paramLabel = "ROUTE", description = "The route")
    private String route = "";

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "POOL=WEIGHT", description = "0 to 1000000 each")
    private List<String> weights = List.of();

    @Option(names = "--ttl", paramLabel = "TIME", description = "Back to the file after this, as in 30m")
    private @Nullable String ttl;

    @Override
    AdminClient.Received<ChangeAnswer> change(AdminClient client, ChangeOptions options) throws CommandFailure {
        var body = new WeightsRequest(weights(), options.reason(), ttl);
        return client.change("PUT", "/api/v1/routes/" + segment(route) + "/weights", body, options);
    }

    private Map<String, Integer> weights() throws CommandFailure {
        Map<String, Integer> byPool = new LinkedHashMap<>();
        for (String given : weights) {
            int sign = given.lastIndexOf('=');
            String weight = given.substring(sign + 1);
            if (sign < 1 || !weight.matches("[0-9]{1,7}")) {
                throw misuse("found \"" + given + "\", expected POOL=WEIGHT such as blue=90");
            }
            if (byPool.put(given.substring(0, sign), Integer.parseInt(weight)) != null) {
                throw misuse("found two weights of " + given.substring(0, sign) + ", expected one");
            }
        }
        return byPool;
    }
}
