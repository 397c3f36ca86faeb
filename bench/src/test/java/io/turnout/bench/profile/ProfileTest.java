package io.turnout.bench.profile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProfileTest {
    private static final Stacks ALLOCATIONS = Stacks.parse("""
            [loop-0 tid=7];io/netty/Loop.run;io/turnout/exchange/Exchange.begin;java/util/ArrayList.grow;byte[]_[i] 300
            [loop-0 tid=7];io/netty/Loop.run;io/turnout/exchange/Exchange.begin;byte[]_[i] 100
            [loop-1 tid=8];io/netty/Loop.run;java.lang.Object_[k] 50
            [control tid=9];io/turnout/control/Control.tick;byte[]_[i] 1000
            """);

    @Test
    void tellsLoopsFromOtherThreads() {
        assertThat(ALLOCATIONS.weight()).isEqualTo(1450);
        assertThat(ALLOCATIONS.ofLoops().weight()).isEqualTo(450);
    }

    @Test
    void addsUpWhatIsAllocatedByWhomOfOurs() {
        assertThat(ALLOCATIONS.ofLoops().heaviest(Stacks.Stack::ours, 5))
                .containsExactly(
                        new Stacks.Sum("exchange/Exchange.begin", 400), new Stacks.Sum("(not below our code)", 50));
        assertThat(ALLOCATIONS.ofLoops().heaviest(Stacks.Stack::allocation, 2))
                .containsExactly(
                        new Stacks.Sum("byte[] in java/util/ArrayList.grow", 300), new Stacks.Sum("byte[]", 100));
    }

    @Test
    void readsTheTableOfStraceWithAndWithoutErrors() {
        SyscallCounts counts = SyscallCounts.parse("""
                % time     seconds  usecs/call     calls    errors syscall
                ------ ----------- ----------- --------- --------- ----------------
                 55.00    0.500000          10     50000        12 recvfrom
                 44.00    0.400000           8     49990           sendto
                  1.00    0.010000           1       100           epoll_pwait2
                ------ ----------- ----------- --------- --------- ----------------
                100.00    0.910000           9    100090        12 total
                """);

        assertThat(counts.data()).isEqualTo(99_990);
        assertThat(counts.of("epoll_pwait2")).isEqualTo(100);
        assertThat(counts.of("epoll_ctl")).isZero();
        assertThat(counts.calls()).doesNotContainKey("total");
    }
}
