package io.turnout.control.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFolderTest {
    @TempDir
    Path base;

    @Test
    void isCreatedForItsOwnerOnly() throws Exception {
        Path path = base.resolve("a/b");
        try (StateFolder folder = StateFolder.open(path)) {
            folder.visitorSecret();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo("rwx------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path.resolve("visitor.secret"))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void isHeldByOneProcessAtATime() throws Exception {
        try (StateFolder first = StateFolder.open(base)) {
            assertThatThrownBy(() -> StateFolder.open(base))
                    .isInstanceOf(StateException.class)
                    .hasMessageContaining(base.toString())
                    .hasMessageContaining("in use by another process")
                    .hasMessageContaining(Long.toString(ProcessHandle.current().pid()))
                    .hasMessageNotContaining("\n");
            assertThat(first.path()).isEqualTo(base);
        }
        StateFolder.open(base).close();
    }

    @Test
    void saysInOneLineThatAFileIsInTheWay() throws Exception {
        Path file = Files.writeString(base.resolve("file"), "");
        assertThatThrownBy(() -> StateFolder.open(file.resolve("state")))
                .isInstanceOf(StateException.class)
                .hasMessageContaining("state folder " + file.resolve("state") + " cannot be written")
                .hasMessageContaining("state.path")
                .hasMessageNotContaining("\n");
    }

    @Test
    void keepsItsSecret() throws Exception {
        byte[] made;
        try (StateFolder folder = StateFolder.open(base)) {
            made = folder.visitorSecret();
            assertThat(made).hasSize(StateFolder.SECRET_BYTES);
        }
        try (StateFolder folder = StateFolder.open(base)) {
            assertThat(folder.visitorSecret()).isEqualTo(made);
        }
    }

    @Test
    void makesANewSecretInThePlaceOfADamagedOne() throws Exception {
        Files.writeString(base.resolve("visitor.secret"), "short");
        try (StateFolder folder = StateFolder.open(base)) {
            byte[] made = folder.visitorSecret();
            assertThat(made).hasSize(StateFolder.SECRET_BYTES);
            assertThat(folder.visitorSecret()).isEqualTo(made);
        }
    }
}
