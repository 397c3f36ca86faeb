package io.turnout.listener;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.testing.Nginx;
import io.turnout.testing.Programs;
import io.turnout.testing.TestProxy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HTTP/2 with the programs people use. */
class H2ProgramsTest {
    @TempDir
    Path folder;

    private String run(String program, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Programs.require(program)));
        command.addAll(List.of(arguments));
        Path out = folder.resolve(program + ".out");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        int status = process.waitFor();
        String text = Files.readString(out, StandardCharsets.ISO_8859_1);
        assertThat(status).as(text).isZero();
        return text;
    }

    @Test
    void answersCurlNghttpAndALoadOfH2load() throws Exception {
        try (Nginx backend = Nginx.saying("nginx", folder);
                TestProxy proxy = TestProxy.start(TestProxy.to(backend.port()))) {
            String url = "http://127.0.0.1:" + proxy.port() + "/";
            assertThat(run("curl", "-s", "-i", "--http2-prior-knowledge", url))
                    .startsWith("HTTP/2 200")
                    .endsWith("nginx");
            assertThat(run("nghttp", "-v", url)).contains(":status: 200").contains("nginx");
            assertThat(run("h2load", "-n", "2000", "-c", "4", "-m", "20", url))
                    .contains("2000 succeeded, 0 failed, 0 errored, 0 timeout");
        }
    }
}
