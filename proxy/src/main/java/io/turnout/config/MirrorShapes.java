package io.turnout.config;

import static io.turnout.config.shape.Scalars.bool;
import static io.turnout.config.shape.Scalars.bytes;
import static io.turnout.config.shape.Scalars.duration;
import static io.turnout.config.shape.Scalars.integer;
import static io.turnout.config.shape.Scalars.mark;
import static io.turnout.config.shape.Scalars.percent;

import io.turnout.config.MirrorConfig.Ignore;
import io.turnout.config.shape.ListShape;
import io.turnout.config.shape.NameShape;
import io.turnout.config.shape.RecordShape;
import io.turnout.config.shape.RegexShape;
import io.turnout.config.shape.ScalarShape;
import io.turnout.config.shape.ScalarShape.Family;
import io.turnout.config.shape.ScalarShape.Words;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Copies of live requests. */
final class MirrorShapes {
    static final RecordShape<MirrorConfig> MIRROR = mirror();

    private MirrorShapes() {}

    private static RecordShape<MirrorConfig> mirror() {
        RecordShape.Draft<MirrorConfig> r = RecordShape.draft(
                "mirror",
                "A copy of live requests to a pool whose answers no client sees. Never slows or fails the original.");
        var pool = r.key("pool", NameShape.referringTo(SplitShapes.POOL), MirrorConfig::pool)
                .doc("Gets the copies. Not a pool of the split.");
        var percent = r.key("percent", percent("0%", "100%"), MirrorConfig::percentPpm)
                .byDefault("100%")
                .doc("Share of the requests that is copied.");
        var key = r.key("key", SplitShapes.KEY, MirrorConfig::key)
                .optional()
                .doc(
                        "Copies all requests of some users instead of some of each. Absent: each request is drawn by itself.");
        var when = r.key("when", MatchShapes.REQUEST, MirrorConfig::when)
                .byDefaultNone()
                .doc("Which requests may be copied.");
        var unsafeMethods = r.key("unsafeMethods", bool(), MirrorConfig::unsafeMethods)
                .byDefault("false")
                .doc(
                        "Whether requests other than GET, HEAD and OPTIONS are copied. What they do, the shadow does once more.");
        var body = r.key("body", bool(), MirrorConfig::body).byDefault("true").doc("Whether bodies are copied.");
        var dropCredentials = r.key("dropCredentials", bool(), MirrorConfig::dropCredentials)
                .byDefault("false")
                .doc("Whether Authorization and Cookie are left out.");
        var limits =
                r.key("limits", limits(), MirrorConfig::limits).byDefaultNone().doc("What copies may hold.");
        var timeout = r.key("timeout", duration("10ms", "1h"), MirrorConfig::timeout)
                .byDefault("15s")
                .doc("For a whole copy.");
        var headers = r.key("headers", HeadShapes.EDITS, MirrorConfig::headers)
                .byDefaultNone()
                .doc("Changes of the copy's head.");
        var rewrite = r.key("rewrite", HeadShapes.REWRITE, MirrorConfig::rewrite)
                .byDefaultNone()
                .doc("Changes of the copy's path and host.");
        var compare = r.key("compare", compare(), MirrorConfig::compare)
                .optional()
                .doc("Holds the copy's answer against the original's. Absent: answers are thrown away.");
        return r.makes(v -> new MirrorConfig(
                v.of(pool),
                v.of(percent),
                v.orNull(key),
                v.of(when),
                v.of(unsafeMethods),
                v.of(body),
                v.of(dropCredentials),
                v.of(limits),
                v.of(timeout),
                v.of(headers),
                v.of(rewrite),
                v.orNull(compare)));
    }

    private static RecordShape<MirrorConfig.Limits> limits() {
        RecordShape.Draft<MirrorConfig.Limits> r =
                RecordShape.draft("mirrorLimits", "What copies may hold. At a cap the copy is cut and counted.");
        var request = r.key("request", bytes("0B", "1GiB"), MirrorConfig.Limits::requestBytes)
                .byDefault("1MiB")
                .doc("Size of one body.");
        var answer = r.key("answer", bytes("0B", "64GiB"), MirrorConfig.Limits::answerBytes)
                .byDefault("16MiB")
                .doc("Size of one answer's body.");
        var inFlight = r.key("inFlight", integer(1, 1_000_000), MirrorConfig.Limits::inFlight)
                .byDefault("100")
                .doc("Copies at a time.");
        var total = r.key("total", bytes("0B", "64GiB"), MirrorConfig.Limits::totalBytes)
                .byDefault("64MiB")
                .doc("What all copies of this mirror, and answers that wait to be compared, hold at a time.");
        return r.makes(v -> new MirrorConfig.Limits(v.of(request), v.of(answer), v.of(inFlight), v.of(total)));
    }

    private static RecordShape<MirrorConfig.Compare> compare() {
        RecordShape.Draft<MirrorConfig.Compare> r = RecordShape.draft(
                "mirrorCompare", "Holds status, chosen headers and body of the copy's answer against the original's.");
        var control = r.key("control", NameShape.referringTo(SplitShapes.POOL), MirrorConfig.Compare::control)
                .optional()
                .doc(
                        "A pool with the original's version, which is asked too; what differs there is noise. Absent: none.");
        var headers = r.key("headers", ListShape.of(TextShapes.FIELD_NAME).distinct(), MirrorConfig.Compare::headers)
                .byDefaultList()
                .doc("Headers that are compared.");
        var body = r.key("body", bytes("0B", "64MiB"), MirrorConfig.Compare::bodyBytes)
                .byDefault("256KiB")
                .doc("Larger bodies are not compared.");
        var ignore = r.key("ignore", ListShape.of(ignore()), MirrorConfig.Compare::ignore)
                .byDefaultList()
                .doc("Differences that do not count.");
        var redact = r.key("redact", ListShape.of(redacted()).distinct(), MirrorConfig.Compare::redact)
                .byDefaultList("authorization", "cookie", "set-cookie")
                .doc("JSON pointers and header names whose values are not kept.");
        var noiseRelative = r.key("noiseRelative", percent("0%", "100%"), MirrorConfig.Compare::noiseRelativePpm)
                .byDefault("20%")
                .doc("By how much of the noise a field must differ more often to be reported.");
        var noiseAbsolute = r.key("noiseAbsolute", percent("0%", "100%"), MirrorConfig.Compare::noiseAbsolutePpm)
                .byDefault("0.03%")
                .doc("By which share of compared answers as well.");
        var samples = r.key("samples", integer(0, 1_000), MirrorConfig.Compare::samples)
                .byDefault("5")
                .doc("Samples kept of each field.");
        return r.makes(v -> new MirrorConfig.Compare(
                v.orNull(control),
                v.of(headers),
                v.of(body),
                v.of(ignore),
                v.of(redact),
                v.of(noiseRelative),
                v.of(noiseAbsolute),
                v.of(samples)));
    }

    private static ScalarShape<String> redacted() {
        return ScalarShape.of(
                Family.TEXT,
                new Words("a JSON pointer such as /user/email, or a header name", "JSON pointer or header name"),
                Map.of("type", "string"),
                text -> (text.startsWith("/") ? TextShapes.POINTER : TextShapes.FIELD_NAME).parse(text),
                value -> value);
    }

    private static RecordShape<Ignore> ignore() {
        RecordShape.Draft<Ignore> r = RecordShape.draft(
                "ignore",
                "A difference that does not count: all of a `pointer`, a `header`, or what matches a `regex`; with"
                        + " `tolerance` or `unordered` only small or reordered differences at the pointer.");
        var pointer = r.key("pointer", TextShapes.POINTER, MirrorShapes::pointerOf)
                .optional()
                .doc("RFC 6901 pointer into a JSON body.");
        var header = r.key("header", TextShapes.FIELD_NAME, i -> i instanceof Ignore.Header h ? h.name() : null)
                .optional()
                .doc("Name of a header.");
        var regex = r.key("regex", new RegexShape(), i -> i instanceof Ignore.Regex x ? x.pattern() : null)
                .optional()
                .doc("Part of a textual value.");
        var tolerance = r.key(
                        "tolerance",
                        percent("0.0001%", "100%"),
                        i -> i instanceof Ignore.Tolerance t ? t.tolerancePpm() : null)
                .optional()
                .doc("Numbers at the pointer may differ by this share of the larger.");
        var unordered = r.key("unordered", mark(), i -> i instanceof Ignore.Unordered ? true : null)
                .optional()
                .doc("The array at the pointer may come in any order.");
        r.exactlyOneOf(List.of(pointer, header, regex));
        r.check((v, reading) -> {
            boolean either = v.isWritten(tolerance) || v.isWritten(unordered);
            boolean both = v.isWritten(tolerance) && v.isWritten(unordered);
            if (both || (either && !v.isWritten(pointer))) {
                reading.error(v.at(), "tolerance or unordered", "one of them at most, and beside a pointer");
            }
        });
        return r.makes(v -> {
            if (v.isWritten(header)) {
                return new Ignore.Header(v.of(header));
            }
            if (v.isWritten(regex)) {
                return new Ignore.Regex(v.of(regex));
            }
            if (v.isWritten(tolerance)) {
                return new Ignore.Tolerance(v.of(pointer), v.of(tolerance));
            }
            return v.isWritten(unordered) ? new Ignore.Unordered(v.of(pointer)) : new Ignore.Pointer(v.of(pointer));
        });
    }

    private static @Nullable String pointerOf(Ignore ignore) {
        if (ignore instanceof Ignore.Pointer all) {
            return all.pointer();
        }
        if (ignore instanceof Ignore.Tolerance close) {
            return close.pointer();
        }
        return ignore instanceof Ignore.Unordered array ? array.pointer() : null;
    }
}
