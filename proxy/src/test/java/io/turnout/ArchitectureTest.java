package io.turnout;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Holds the map of {@code docs/architecture.md}: floors, the two wings, and the purity of what decides. */
class ArchitectureTest {
    private static final String ROOT = "io.turnout.";

    /** Package to floor; a package may import only packages of lower floors. */
    private static final Map<String, Integer> FLOORS = Map.ofEntries(
            Map.entry("model", 0),
            Map.entry("tls", 0),
            Map.entry("config", 1),
            Map.entry("routing", 1),
            Map.entry("judge", 1),
            Map.entry("rollout", 1),
            Map.entry("compare", 1),
            Map.entry("telemetry", 1),
            Map.entry("http", 1),
            Map.entry("loop", 1),
            Map.entry("adminapi", 1),
            Map.entry("audit", 1),
            Map.entry("shadow", 2),
            Map.entry("snapshot", 2),
            Map.entry("h2", 2),
            Map.entry("plan", 2),
            Map.entry("cli", 3),
            Map.entry("upstream", 3),
            Map.entry("control", 3),
            Map.entry("exchange", 4),
            Map.entry("source", 4),
            Map.entry("admin", 4),
            Map.entry("fleet", 4),
            Map.entry("listener", 5),
            Map.entry("demo", 8),
            Map.entry("app", 9));

    private static final String[] DATA_PLANE = packages("upstream", "exchange", "listener");
    private static final String[] CONTROL_PLANE = packages("control", "source", "admin", "fleet");
    private static final String[] PURE = packages("routing", "judge", "rollout", "compare");

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.turnout");

    @Test
    void everyPackageHasAFloor() {
        var unknown = new TreeSet<String>();
        for (JavaClass c : CLASSES) {
            String first = c.getPackageName()
                    .substring("io.turnout".length())
                    .replaceFirst("^\\.", "")
                    .split("\\.")[0];
            if (!FLOORS.containsKey(first)) {
                unknown.add(c.getName());
            }
        }
        assertThat(unknown).as("classes outside the packages of the map").isEmpty();
    }

    @Test
    void packagesImportOnlyFromFloorsBelow() {
        FLOORS.forEach((name, floor) -> {
            String[] notBelow = FLOORS.entrySet().stream()
                    .filter(other -> !other.getKey().equals(name) && other.getValue() >= floor)
                    .map(other -> ROOT + other.getKey() + "..")
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage(ROOT + name + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(notBelow)
                    .allowEmptyShould(true)
                    .check(CLASSES);
        });
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.turnout.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void dataPlaneAndControlPlaneDoNotKnowEachOther() {
        noClasses()
                .that()
                .resideInAnyPackage(DATA_PLANE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(CONTROL_PLANE)
                .allowEmptyShould(true)
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAnyPackage(CONTROL_PLANE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(DATA_PLANE)
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void yamlShapesStopAtTheSnapshot() {
        noClasses()
                .that()
                .resideInAnyPackage(DATA_PLANE)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + "config..")
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    @Test
    void whatDecidesIsPure() {
        noClasses()
                .that()
                .resideInAnyPackage(PURE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.netty..", "org.slf4j..", "java.nio.channels..", "java.net..", "java.util.concurrent..")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.Random")
                .allowEmptyShould(true)
                .check(CLASSES);
    }

    private static String[] packages(String... names) {
        return Arrays.stream(names).map(name -> ROOT + name + "..").toArray(String[]::new);
    }
}
