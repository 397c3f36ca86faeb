package io.turnout.config;

import io.turnout.config.shape.ListShape;
import io.turnout.config.shape.MapShape;
import io.turnout.config.shape.RecordShape;

/** Changes of what is passed on. */
final class HeadShapes {
    static final RecordShape<HeadersConfig.Edits> EDITS = edits();
    static final RecordShape<HeadersConfig> HEADERS = headers();
    static final RecordShape<RewriteConfig> REWRITE = rewrite();

    private HeadShapes() {}

    private static RecordShape<HeadersConfig.Edits> edits() {
        RecordShape.Draft<HeadersConfig.Edits> r = RecordShape.draft(
                "headerEdits",
                "Changes of one head, in the order remove, set, add. Headers about framing, the connection and the"
                        + " host are refused: the proxy alone decides on them.");
        var remove = r.key("remove", ListShape.of(TextShapes.EDITABLE_FIELD).distinct(), HeadersConfig.Edits::remove)
                .byDefaultList()
                .doc("Headers that are taken away.");
        var set = r.key("set", MapShape.of(TextShapes.EDITABLE_FIELD, TextShapes.FIELD_VALUE), HeadersConfig.Edits::set)
                .byDefaultNone()
                .doc("Headers that get this one value instead of whatever they had.");
        var add = r.key("add", MapShape.of(TextShapes.EDITABLE_FIELD, TextShapes.FIELD_VALUE), HeadersConfig.Edits::add)
                .byDefaultNone()
                .doc("Headers that get this value beside whatever they had.");
        return r.makes(v -> new HeadersConfig.Edits(v.of(remove), v.of(set), v.of(add)));
    }

    private static RecordShape<HeadersConfig> headers() {
        RecordShape.Draft<HeadersConfig> r =
                RecordShape.draft("headers", "Changes of the heads that pass through a route or to a variant.");
        var request = r.key("request", EDITS, HeadersConfig::request)
                .byDefaultNone()
                .doc("Changes of the request that is sent upstream.");
        var response = r.key("response", EDITS, HeadersConfig::response)
                .byDefaultNone()
                .doc("Changes of the answer that is sent downstream.");
        return r.makes(v -> new HeadersConfig(v.of(request), v.of(response)));
    }

    private static RecordShape<RewriteConfig> rewrite() {
        RecordShape.Draft<RewriteConfig> r =
                RecordShape.draft("rewrite", "What the request sent upstream says instead of what the client said.");
        var prefix = r.key("prefix", TextShapes.PATH, RewriteConfig::prefix)
                .optional()
                .doc("Stands in the place of the path prefix of the route's match. Needs a match by prefix.");
        var host = r.key("host", TextShapes.SERVER_NAME, RewriteConfig::host)
                .optional()
                .doc("Sent as Host. Absent: the client's Host.");
        return r.makes(v -> new RewriteConfig(v.orNull(prefix), v.orNull(host)));
    }
}
