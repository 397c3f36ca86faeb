package io.turnout.routing;

import static io.turnout.routing.Samples.pool;
import static io.turnout.routing.Samples.split;
import static io.turnout.routing.Samples.variants;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SplitTest {
    @Test
    void refusesWeightsThatSumToNothing() {
        assertThatThrownBy(() -> split("a", 0, "b", 0)).hasMessageContaining("sum to 0");
        assertThatThrownBy(() -> Split.byWeight("s", List.of())).hasMessageContaining("0 variants");
    }

    @Test
    void refusesWeightsOutOfRange() {
        assertThatThrownBy(() -> new Variant(pool("a"), -1)).hasMessageContaining("found weight -1 for a");
        assertThatThrownBy(() -> new Variant(pool("a"), 1_000_001)).hasMessageContaining("0..1000000");
    }

    @Test
    void refusesAVariantListedTwiceAndAStableOneThatIsNotListed() {
        assertThatThrownBy(() -> split("a", 1, "a", 2)).hasMessageContaining("variant a twice");
        assertThatThrownBy(() -> new Split("s", variants("a", 1), "b", null, new OnEmpty.Fail()))
                .hasMessageContaining("stable variant \"b\"");
    }

    @Test
    void takesSixtyFourVariantsAndNotOneMore() {
        var most = new ArrayList<Variant>();
        for (int i = 0; i < Split.MAX_VARIANTS; i++) {
            most.add(new Variant(pool("v" + i), Variant.MAX_WEIGHT));
        }
        assertThat(Split.byWeight("s", most).totalWeight()).isEqualTo(64_000_000);
        most.add(new Variant(pool("one more"), 0));
        assertThatThrownBy(() -> Split.byWeight("s", most)).hasMessageContaining("65 variants");
    }

    @Test
    void refusesKeysThatCannotWork() {
        assertThatThrownBy(() -> new SplitKey(new KeySource.Header("h"), "s", SplitKey.WithoutKey.MINT))
                .hasMessageContaining("expected a cookie");
        assertThatThrownBy(() -> new SplitKey(new KeySource.Header("h"), "a\0b", SplitKey.WithoutKey.DRAW))
                .hasMessageContaining("NUL");
        assertThatThrownBy(() -> new KeySource.Cookie("")).hasMessageContaining("needs a name");
    }
}
