package io.turnout.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.config.ConfigReference;
import io.turnout.testing.Programs;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

class ManPagesTest {
    @TempDir
    private Path folder;

    private static String page(ManCommand.Page page) {
        Typed typed = Typed.run("man", page.toString());
        assertThat(typed.exitCode()).as(typed.err()).isEqualTo(ExitCode.OK);
        return typed.out();
    }

    @Test
    void everyCommandAndOptionHasItsPlace() {
        String page = page(ManCommand.Page.COMMANDS);

        TurnoutCommand.commandLine().getSubcommands().values().stream()
                .map(CommandLine::getCommandSpec)
                .forEach(spec -> assertThat(page)
                        .contains("\n.SS " + spec.qualifiedName().replace("-", "\\-") + "\n"));
        assertThat(page).contains("\\fB\\-\\-watch", ".SS turnout rollout wait\n", ".SH EXIT STATUS");
        assertThat(page).doesNotContain("${", "%n", "%%");
    }

    @Test
    void everyKeyOfTheConfigurationHasItsPlace() {
        String page = page(ManCommand.Page.CONFIGURATION);

        ConfigReference.sections().forEach(section -> {
            assertThat(page).contains("\n.SS " + section.name());
            section.rows().forEach(row -> assertThat(page).contains("\n\\fB" + row.key() + "\\fR\n"));
        });
        assertThat(page).doesNotContain("](", "`");
    }

    @ParameterizedTest
    @EnumSource(ManCommand.Page.class)
    void groffHasNothingToSayOfThem(ManCommand.Page page) throws Exception {
        Programs.require("groff");
        Path file = Files.writeString(folder.resolve(page.toString()), page(page));
        Process groff = new ProcessBuilder("groff", "-man", "-Tutf8", "-Kutf8", "-ww", "-z", file.toString())
                .redirectErrorStream(true)
                .start();

        String said = new String(groff.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(groff.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(said).isEmpty();
        assertThat(groff.exitValue()).isZero();
    }
}
