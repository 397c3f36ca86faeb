package io.turnout.control;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.NetUtil;
import io.turnout.adminapi.ExplainAnswer;
import io.turnout.adminapi.ExplainRequest;
import io.turnout.http.ByteText;
import io.turnout.http.Fields;
import io.turnout.http.H1RequestParser;
import io.turnout.http.H1RequestParser.Progress;
import io.turnout.http.HeadLimits;
import io.turnout.http.RequestHead;
import io.turnout.routing.DescribedRequest;
import io.turnout.routing.Explanation;
import io.turnout.routing.VisitorMint;
import io.turnout.snapshot.Snapshot;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Tells how a described request would be decided. Immutable, safe for any thread.
 *
 * <p>The description is written out as a request head and read by the parser that reads the clients' ones: so what is
 * explained is what the data plane would match, after the same normalisation and the same refusals.
 */
final class Explanations {
    private final VisitorMint mint;

    Explanations(VisitorMint mint) {
        this.mint = mint;
    }

    Explained explain(Snapshot snapshot, ExplainRequest request, long epochSeconds) {
        byte[] client = clientAddress(request.client());
        if (client == null) {
            return new Explained.Refused("client " + Words.line(String.valueOf(request.client())), "an IP address");
        }
        String head = head(request);
        if (head == null) {
            return new Explained.Refused("a line break in the request", "one line for each part");
        }
        RequestHead parsed = new RequestHead();
        H1RequestParser parser = new H1RequestParser();
        ByteBuf bytes = Unpooled.wrappedBuffer(head.getBytes(StandardCharsets.UTF_8));
        Progress progress = parser.parse(parsed, bytes, HeadLimits.DEFAULT);
        if (progress != Progress.COMPLETE) {
            String why = progress == Progress.REFUSED ? parser.refusal().text() : "not a request";
            return new Explained.Refused(why, "a request that would be let in");
        }
        DescribedRequest described = described(parsed).from(client);
        Explanation explanation = snapshot.table().explain(described, mint, epochSeconds);
        return new Explained.Answered(answer(snapshot.generation(), explanation));
    }

    /** Null if it is no address; no octets if there is none. */
    private static byte @Nullable [] clientAddress(@Nullable String text) {
        return text == null || text.isBlank() ? new byte[0] : NetUtil.createByteArrayFromIpAddressString(text.strip());
    }

    private static @Nullable String head(ExplainRequest request) {
        String host = request.host();
        var head = new StringBuilder(Objects.requireNonNullElse(request.method(), "GET"))
                .append(' ')
                .append(Objects.requireNonNullElse(request.target(), "/"))
                .append(host == null ? " HTTP/1.0" : " HTTP/1.1");
        int lines = 1;
        if (host != null) {
            head.append("\r\nHost: ").append(host);
            lines++;
        }
        for (Map.Entry<String, String> field : Objects.requireNonNullElse(request.headers(), Map.<String, String>of())
                .entrySet()) {
            head.append("\r\n").append(field.getKey()).append(": ").append(field.getValue());
            lines++;
        }
        boolean injected = head.chars().filter(c -> c == '\r' || c == '\n').count() != 2L * (lines - 1);
        return injected ? null : head.append("\r\n\r\n").toString();
    }

    private static DescribedRequest described(RequestHead head) {
        DescribedRequest described = DescribedRequest.of(
                head.method(new ByteText()).toString(),
                head.host(new ByteText()).toString(),
                head.target());
        Fields fields = head.fields();
        // From the last to the first: of a field that is there twice, the first one counts.
        for (int i = fields.count() - 1; i >= 0; i--) {
            described = described.with(fields.name(i), fields.value(i));
        }
        return described;
    }

    private static ExplainAnswer answer(long generation, Explanation explanation) {
        Explanation.Choice choice = explanation.choice();
        return new ExplainAnswer(
                generation,
                explanation.routes().stream()
                        .map(route -> new ExplainAnswer.ConsideredRoute(route.route(), fate(route.fate()), route.why()))
                        .toList(),
                choice == null ? null : choice(choice));
    }

    private static String fate(Explanation.Fate fate) {
        return switch (fate) {
            case CHOSEN -> "chosen";
            case OUTRANKED -> "outranked";
            case NO_MATCH -> "noMatch";
        };
    }

    private static ExplainAnswer.Choice choice(Explanation.Choice choice) {
        Explanation.KeyTrace key = choice.key();
        return new ExplainAnswer.Choice(
                choice.route(),
                choice.rules().stream()
                        .map(rule -> new ExplainAnswer.AskedRule(rule.rule(), rule.failing()))
                        .toList(),
                choice.reason().label(),
                choice.pool(),
                choice.shares().stream()
                        .map(share -> new ExplainAnswer.Share(share.variant(), share.weight(), share.share()))
                        .toList(),
                key == null
                        ? null
                        : new ExplainAnswer.Key(
                                key.source(), key.value(), key.minted(), key.salt(), key.hash(), key.canaryBeginsAt()));
    }
}
