package io.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ConfigReferenceTest {
    private static final String BEGIN = "<!-- reference: made from the descriptors -->\n";

    @Test
    void theTablesOfTheDocumentAreThoseOfTheDescriptors() throws IOException {
        String document = Files.readString(Repository.REFERENCE);
        int begin = document.indexOf(BEGIN);
        assertThat(begin).as("the marker in %s", Repository.REFERENCE).isPositive();
        String expected = document.substring(0, begin + BEGIN.length()) + "\n" + ConfigReference.markdown();
        Repository.assertUpToDate(Repository.REFERENCE, expected, ConfigReferenceTest.class);
    }

    @Test
    void everyWholeFileInTheDocumentIsValid() throws IOException {
        Matcher block =
                Pattern.compile("(?s)```yaml\n(listeners:.*?)```").matcher(Files.readString(Repository.REFERENCE));
        int blocks = 0;
        while (block.find()) {
            Configs.valid(block.group(1));
            blocks++;
        }
        assertThat(blocks).isPositive();
    }
}
