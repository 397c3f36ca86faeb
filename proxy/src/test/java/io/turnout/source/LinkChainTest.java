package io.turnout.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinkChainTest {
    @TempDir
    Path temp;

    private Path root;

    @BeforeEach
    void resolve() throws IOException {
        root = temp.toRealPath();
    }

    @Test
    void isTheParentOfAFileWithoutLinks() {
        assertThat(LinkChain.folders(root.resolve("a/file"))).containsExactly(root.resolve("a"));
    }

    @Test
    void hasTheFolderOfEachLink() throws IOException {
        Path deep = Files.createDirectories(root.resolve("x/y"));
        Files.writeString(deep.resolve("file"), "");
        Path second = Files.createSymbolicLink(
                Files.createDirectory(root.resolve("b")).resolve("second"), Path.of("../x/y/file"));
        Path first = Files.createSymbolicLink(root.resolve("first"), second);
        assertThat(LinkChain.folders(first)).containsExactly(root, root.resolve("b"), deep);
    }

    @Test
    void followsLinkedFoldersOnTheWay() throws IOException {
        Files.createDirectories(root.resolve("..v1"));
        Files.createSymbolicLink(root.resolve("..data"), Path.of("..v1"));
        Path file = Files.createSymbolicLink(root.resolve("file"), Path.of("..data/file"));
        assertThat(LinkChain.folders(file)).containsExactly(root, root.resolve("..v1"));
    }

    @Test
    void endsWhereLinksGoRound() throws IOException {
        Path a = root.resolve("a");
        Path b = root.resolve("b");
        Files.createSymbolicLink(a, b);
        Files.createSymbolicLink(b, a);
        assertThat(LinkChain.folders(a)).containsExactly(root);
    }

    @Test
    void endsAtALinkThatLeadsNowhere() throws IOException {
        Path link = Files.createSymbolicLink(root.resolve("link"), root.resolve("gone/file"));
        assertThat(LinkChain.folders(link)).containsExactly(root, root.resolve("gone"));
    }
}
