package io.turnout.config;

import static io.turnout.config.shape.Scalars.duration;

import io.turnout.config.shape.ListShape;
import io.turnout.config.shape.MapShape;
import io.turnout.config.shape.NameShape;
import io.turnout.config.shape.RecordShape;

/** What an idle pool is asked before traffic goes to it. */
final class SmokeShapes {
    static final RecordShape<SmokeTest> SMOKE = smoke();

    private SmokeShapes() {}

    private static RecordShape<SmokeTest> smoke() {
        RecordShape.Draft<SmokeTest> r = RecordShape.draft(
                "smoke", "One question to an idle pool, and what must come back before traffic is switched to it.");
        var name = r.key("name", NameShape.defining("smoke test"), SmokeTest::name)
                .doc("Its name in answers and audit, distinct within the route.");
        var request = r.key("request", request(), SmokeTest::request).doc("What is sent.");
        var expect =
                r.key("expect", expect(), SmokeTest::expect).byDefaultNone().doc("What must come back.");
        return r.makes(v -> new SmokeTest(v.of(name), v.of(request), v.of(expect)));
    }

    private static RecordShape<SmokeTest.Request> request() {
        RecordShape.Draft<SmokeTest.Request> r = RecordShape.draft("smokeRequest", "What is sent to the idle pool.");
        var method = r.key("method", TextShapes.METHOD, SmokeTest.Request::method)
                .byDefault("GET")
                .doc("Should change nothing.");
        var path = r.key("path", TextShapes.TARGET, SmokeTest.Request::path).doc("With its query.");
        var headers = r.key(
                        "headers",
                        MapShape.of(TextShapes.FIELD_NAME, TextShapes.FIELD_VALUE),
                        SmokeTest.Request::headers)
                .byDefaultNone()
                .doc("Headers; `host` may be one of them.");
        return r.makes(v -> new SmokeTest.Request(v.of(method), v.of(path), v.of(headers)));
    }

    private static RecordShape<SmokeTest.Expect> expect() {
        RecordShape.Draft<SmokeTest.Expect> r = RecordShape.draft(
                "smokeExpect", "What the idle pool must answer. All keys that are written must hold.");
        var status = r.key("status", ListShape.of(TextShapes.STATUS).notEmpty().orOne(), SmokeTest.Expect::status)
                .byDefaultList("200-399")
                .doc("Status codes, one of which must come.");
        var header = r.key("header", MapShape.of(TextShapes.FIELD_NAME, MatchShapes.VALUE), SmokeTest.Expect::headers)
                .byDefaultNone()
                .doc("Headers and what they must say.");
        var json = r.key("json", MapShape.of(TextShapes.POINTER, new JsonScalarShape()), SmokeTest.Expect::json)
                .byDefaultNone()
                .doc("JSON pointers (RFC 6901) and what must be there.");
        var latency = r.key("latency", duration("1ms", "10m"), SmokeTest.Expect::latency)
                .optional()
                .doc("Longest time to the whole answer. Absent: the pool's timeouts alone.");
        return r.makes(v -> new SmokeTest.Expect(v.of(status), v.of(header), v.of(json), v.orNull(latency)));
    }
}
