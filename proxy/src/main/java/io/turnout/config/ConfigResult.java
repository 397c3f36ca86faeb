package io.turnout.config;

import java.util.List;

/** What reading a file gives: a configuration that holds together, or everything that is wrong with it. */
public sealed interface ConfigResult {
    /** What was noticed, by place: the warnings of a valid file, or errors and warnings of an invalid one. */
    List<ConfigProblem> problems();

    /** The configuration, and by place what may not be what was meant. */
    record Valid(TurnoutConfig config, List<ConfigProblem> warnings) implements ConfigResult {
        public Valid {
            warnings = List.copyOf(warnings);
        }

        @Override
        public List<ConfigProblem> problems() {
            return warnings;
        }
    }

    /** Everything that is wrong or may be, by place; at least one is an error. */
    record Invalid(List<ConfigProblem> problems) implements ConfigResult {
        public Invalid {
            problems = List.copyOf(problems);
            if (problems.stream().noneMatch(p -> p.severity() == ConfigProblem.Severity.ERROR)) {
                throw new IllegalArgumentException("invalid without an error");
            }
        }
    }
}
