package io.turnout.admin;

import static io.turnout.admin.DescribedApi.JSON;
import static io.turnout.admin.DescribedApi.LADDER;
import static io.turnout.admin.DescribedApi.assertDescribed;
import static io.turnout.admin.DescribedApi.calls;
import static io.turnout.admin.DescribedApi.document;
import static io.turnout.admin.DescribedApi.operations;
import static io.turnout.admin.DescribedApi.request;
import static io.turnout.admin.DescribedApi.schema;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.turnout.admin.DescribedApi.Operation;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Holds {@code /openapi.json} to the standard, and the server to {@code /openapi.json}: every call, every refusal. */
class OpenApiTest {
    @TempDir
    private Path folder;

    @Test
    void anAnswerThatIsNotAsDescribedWouldShow() throws Exception {
        try (RunningAdmin admin = RunningAdmin.in(folder)) {
            JsonNode document = document(admin);
            Schema change = schema(document, JSON.readTree("{\"$ref\": \"#/components/schemas/ChangeAnswer\"}"));
            String good = "{\"generation\": 8, \"changed\": true, \"summary\": \"x\", \"notes\": []}";

            assertThat(change.validate(good, InputFormat.JSON)).isEmpty();
            assertThat(change.validate(good.replace("8", "\"8\""), InputFormat.JSON))
                    .isNotEmpty();
            assertThat(change.validate(good.replace("notes", "more"), InputFormat.JSON))
                    .isNotEmpty();
            assertThat(change.validate(good.replace("\"x\"", "null"), InputFormat.JSON))
                    .isNotEmpty();
        }
    }

    @Test
    void theDocumentIsValidOpenApi31() throws Exception {
        try (RunningAdmin admin = RunningAdmin.in(folder);
                InputStream official = requireNonNull(getClass().getResourceAsStream("/openapi-3.1/schema.json"))) {
            JsonNode document = document(admin);
            SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

            assertThat(registry.getSchema(JSON.readTree(official)).validate(document))
                    .isEmpty();
            Schema meta = registry.getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));
            document.get("components")
                    .get("schemas")
                    .forEach(schema -> assertThat(meta.validate(schema)).isEmpty());
            for (JsonNode reference : document.findValues("$ref")) {
                assertThat(document.at(reference.asString().substring(1)).isMissingNode())
                        .as(reference.asString())
                        .isFalse();
            }
        }
    }

    @Test
    void everyCallIsDescribedAndNoOther() throws Exception {
        try (RunningAdmin admin = RunningAdmin.in(folder)) {
            List<String> calls = calls(admin).stream()
                    .map(call -> call.method() + " /" + String.join("/", call.template()))
                    .toList();
            List<String> described = ApiOperations.all().stream()
                    .map(each -> each.method() + " " + each.path().replaceAll("\\{[a-z]+}", "{}"))
                    .toList();

            assertThat(described)
                    .as("each call has a line in ApiOperations")
                    .containsExactlyInAnyOrderElementsOf(calls);
            assertThat(ApiOperations.all()).extracting(ApiOperation::id).doesNotHaveDuplicates();
        }
    }

    @Test
    void everyCallAnswersAsDescribed() throws Exception {
        try (RunningAdmin admin = RunningAdmin.in(folder, LADDER)) {
            JsonNode document = document(admin);
            for (Operation operation : operations(admin)) {
                if (operation.id().equals("events")) {
                    continue; // has no end: EventStreamTest listens, and its events are checked below
                }
                HttpResponse<String> response = admin.send(request(admin, operation, operation.path("shop")));

                assertThat(response.statusCode())
                        .as(operation.id() + response.body())
                        .isEqualTo(200);
                assertDescribed(document, operation, response);
            }
        }
    }

    @Test
    void everyEventIsAsDescribed() throws Exception {
        try (RunningAdmin admin = RunningAdmin.in(folder, LADDER);
                var listener = new EventListener(admin)) {
            JsonNode document = document(admin);
            JsonNode events = document.at("/paths/~1api~1v1~1events/get/responses/200/content")
                    .get("text/event-stream")
                    .get("x-events");
            TreeSet<String> heard = new TreeSet<>();
            while (heard.size() < events.size()) {
                EventListener.Event event = listener.next();
                assertThat(schema(document, events.get(event.name())).validate(event.data()))
                        .as(event.name())
                        .isEmpty();
                if (heard.add(event.name()) && event.name().equals("snapshot")) {
                    admin.send(admin.json("POST", "/api/v1/routes/shop/switch", "{\"to\": \"green\"}"));
                }
            }
        }
    }
}
