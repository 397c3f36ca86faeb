package io.turnout.config.shape;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamlTreeTest {
    private static List<String> problems(String yaml) {
        var reading = new Reading();
        YamlTree.read(yaml, Map.of("NAME", "value", "EMPTY", "")::get, reading);
        return reading.problems().stream()
                .map(p -> p.place() + " " + p.path() + ": " + p.found() + " / " + p.expected())
                .toList();
    }

    private static String text(String scalar) {
        var reading = new Reading();
        Located at = YamlTree.read(scalar, Map.of("NAME", "value", "EMPTY", "", "LOOP", "${NAME}")::get, reading);
        assertThat(reading.problems()).isEmpty();
        assertThat(at).isInstanceOf(Located.Scalar.class);
        return ((Located.Scalar) at).text();
    }

    @Test
    void everyPieceKnowsItsPlaceAndPath() {
        var reading = new Reading();
        Located root = YamlTree.read("a:\n  - b: 1\n    'c d': [x, \u00e9\ud83d\ude80, z]\n", name -> null, reading);
        assertThat(root).isInstanceOf(Located.Entries.class);
        Located list = root.nearest("a");
        Located inner = ((Located.Items) list).items().get(0);
        Located words = inner.nearest("c d");
        Located last = ((Located.Items) words).items().get(2);
        assertThat(inner.path()).isEqualTo("a[0]");
        assertThat(inner.nearest("b").path()).isEqualTo("a[0].b");
        assertThat(last.path()).isEqualTo("a[0][\"c d\"][2]");
        assertThat(last.place()).isEqualTo(new Place(3, 20));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {a: 1, a: 2}         | 1:8 a: a second "a" / the key once (it is at 1:2)
                    {a: &x [*x]}         | 1:5 a[0]: an alias that contains itself
                    {a: &x {b: *x}}      | 1:5 a.b: an alias that contains itself
                    {b: &x {c: 1}, <<: *x} | 1:16 : the merge key <<
                    {a: !!str 5}         | 1:5 a: the tag tag:yaml.org,2002:str
                    {a: !secret x}       | 1:5 a: the tag !secret
                    {a: !!set {x}}       | 1:5 a: the tag tag:yaml.org,2002:set
                    {[a]: b}             | 1:2 : a key that is not plain text
                    {a: ${MISSING}}      | not YAML
                    {a: "${MISSING}"}    | 1:5 a: the variable ${MISSING}, which is not set
                    {a: "${MISSING"}     | 1:5 a: "${MISSING"
                    {a: "${1}"}          | 1:5 a: "${1}"
                    {a: "x ${ y ${NAME}"} | 1:5 a: "x ${ y ${NAME}"
                    [a                   | not YAML
                    {a: *nowhere}        | not YAML
                    """)
    void refusesWhatTheLibraryLeavesOpen(String yaml, String problem) {
        assertThat(problems(yaml))
                .singleElement()
                .satisfies(line -> assertThat(line).contains(problem));
    }

    @Test
    void refusesTabsSecondDocumentsAndControlCharacters() {
        assertThat(problems("a:\n\tb: 1")).containsExactly("2:1 : a tab / spaces for indentation");
        assertThat(problems("a: 1\n---\nb: 2")).containsExactly("2:1 : a second document / one document");
        assertThat(problems("a: 1\nb\u0007: 2")).containsExactly("2:2 : the character U+0007 / printable text");
        assertThat(problems("")).containsExactly("1:1 : an empty file / a configuration");
        assertThat(problems("# only a comment\n")).containsExactly("1:1 : an empty file / a configuration");
    }

    @Test
    void refusesAliasesThatMultiply() {
        var yaml = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 12; i++) {
            String alias = "*a" + (i - 1);
            yaml.append("a" + i + ": &a" + i + " [" + (alias + ", ").repeat(9) + alias + "]\n");
        }
        assertThat(problems(yaml.toString()))
                .singleElement()
                .satisfies(line -> assertThat(line).contains("more than 100000 values"));
    }

    @Test
    void refusesTextThatIsTooDeepOrTooLong() {
        assertThat(problems("[".repeat(10_000))).hasSize(1);
        assertThat(problems("{a: ".repeat(10_000))).hasSize(1);
        assertThat(problems("- ".repeat(100_000))).hasSize(1);
        assertThat(problems("a: " + "x".repeat(1 << 20))).containsExactly("1:1 : 1048579 characters / at most 1048576");
    }

    @Test
    void putsVariablesIntoScalars() {
        assertThat(text("${NAME}")).isEqualTo("value");
        assertThat(text("a-${NAME}-${NAME}")).isEqualTo("a-value-value");
        assertThat(text("${MISSING:-other}")).isEqualTo("other");
        assertThat(text("${EMPTY:-other}")).isEqualTo("other");
        assertThat(text("\"${EMPTY}\"")).isEmpty();
        assertThat(text("${MISSING:-}")).isEmpty();
        assertThat(text("'$${NAME}'")).isEqualTo("${NAME}");
        assertThat(text("$${NAME} ${NAME}")).isEqualTo("${NAME} value");
        assertThat(text("$NAME {NAME} $")).isEqualTo("$NAME {NAME} $");
        assertThat(text("${LOOP}")).isEqualTo("${NAME}");
    }
}
