package io.turnout.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of the console over a real socket. What the page does in a browser is in {@code io.turnout.app.ConsoleTest}. */
class ConsoleFilesTest {
    private static final Path SOURCES =
            Path.of(System.getProperty("turnout.root", ".."), "proxy", "src", "main", "resources", "console");
    private static final long BUDGET_BYTES = 250 * 1024;

    @TempDir
    private Path folder;

    private RunningAdmin admin;

    @BeforeEach
    void start() throws Exception {
        admin = RunningAdmin.in(folder);
    }

    @AfterEach
    void stop() {
        admin.close();
    }

    private static List<Path> sources() throws Exception {
        try (Stream<Path> files = Files.list(SOURCES)) {
            return files.toList();
        }
    }

    @Test
    void servesEveryFileOfTheFolderAndNoOther() throws Exception {
        assertThat(sources().stream().map(file -> file.getFileName().toString()))
                .containsExactlyInAnyOrderElementsOf(ConsoleFiles.NAMES);

        for (String name : ConsoleFiles.NAMES) {
            HttpResponse<String> file = admin.get("/console/" + name);
            assertThat(file.statusCode()).as(name).isEqualTo(200);
            assertThat(file.body()).isEqualTo(Files.readString(SOURCES.resolve(name)));
            assertThat(file.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
            assertThat(file.headers().firstValue("Content-Security-Policy").orElseThrow())
                    .startsWith("default-src 'self'; ")
                    .contains("frame-ancestors 'none'");
        }
        assertThat(admin.get("/").body()).isEqualTo(Files.readString(SOURCES.resolve("index.html")));
        for (String path : List.of("/console/", "/console/other.js", "/console/..%2flogback.xml", "/console/a/b")) {
            assertThat(admin.get(path).statusCode()).as(path).isEqualTo(404);
        }
    }

    @Test
    void saysWhatEachFileIs() throws Exception {
        assertThat(admin.get("/").headers().firstValue("Content-Type")).hasValue("text/html; charset=utf-8");
        assertThat(admin.get("/console/main.js").headers().firstValue("Content-Type"))
                .hasValue("text/javascript; charset=utf-8");
        assertThat(admin.get("/console/console.css").headers().firstValue("Content-Type"))
                .hasValue("text/css; charset=utf-8");
        assertThat(admin.get("/console/icon.svg").headers().firstValue("Content-Type"))
                .hasValue("image/svg+xml");
    }

    @Test
    void sendsAFileOnlyOnceToWhomHasIt() throws Exception {
        String tag = admin.get("/").headers().firstValue("ETag").orElseThrow();
        assertThat(tag).matches("\"[0-9a-f]{32}\"");
        assertThat(admin.get("/").headers().firstValue("Cache-Control")).hasValue("no-cache");

        HttpResponse<String> again =
                admin.send(admin.request("/").GET().header("If-None-Match", "\"other\", W/" + tag));

        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        assertThat(again.headers().firstValue("Content-Length")).isEmpty();
        assertThat(again.headers().firstValue("ETag")).hasValue(tag);
        assertThat(admin.send(admin.request("/").GET().header("If-None-Match", "\"other\""))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void staysSmallAndAsksNobodyElse() throws Exception {
        long bytes = 0;
        for (Path file : sources()) {
            bytes += Files.size(file);
            String text = Files.readString(file)
                    .replace("https://github.com/leeoniya/uPlot", "")
                    .replace("http://www.w3.org/2000/svg", "");
            assertThat(text).as(file.toString()).doesNotContain("http://").doesNotContain("https://");
        }
        assertThat(bytes).isLessThan(BUDGET_BYTES);
    }

    @Test
    void textNeverBecomesMarkup() throws Exception {
        for (Path file : sources()) {
            assertThat(Files.readString(file))
                    .as(file.toString())
                    .doesNotContain("innerHTML")
                    .doesNotContain("insertAdjacentHTML")
                    .doesNotContain("document.write");
        }
    }

    @Test
    void saysThatNoCallsAreAdded() throws Exception {
        assertThat(admin.get("/console/extras.json").body()).isEqualTo("{\"calls\":[]}");
    }
}
