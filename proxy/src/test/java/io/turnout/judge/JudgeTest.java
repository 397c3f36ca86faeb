package io.turnout.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.turnout.judge.Readiness.Need;
import io.turnout.judge.Verdict.Standing;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class JudgeTest {
    @Test
    void revertsWithinTenRequestsWhenTheCanaryAlwaysFails() {
        Ticks ticks = new Ticks(JudgePlan.DEFAULT).learnStable();
        Verdict verdict = Standing.HOLDING;
        int canary = 0;
        while (!(verdict instanceof Verdict.Revert)) {
            verdict = ticks.tick(1, 1, 19, 0);
            canary++;
        }
        assertThat(canary).isBetween(5, 10);
    }

    @Test
    void revertIsFinalUntilANewTrialBegins() {
        Ticks ticks = new Ticks(JudgePlan.DEFAULT).learnStable();
        for (int i = 0; i < 20; i++) {
            ticks.tick(1, 1, 19, 0);
        }
        Verdict revert = ticks.judge.verdict();
        assertThat(revert).isInstanceOf(Verdict.Revert.class);
        assertThat(ticks.tick(1000, 0, 1000, 0)).isSameAs(revert);
        ticks.judge.beginTrial();
        assertThat(ticks.tick(1, 0, 19, 0)).isEqualTo(Standing.HOLDING);
    }

    @Test
    void sharedOutageIsAnIncidentAndNotARevert() {
        Ticks ticks = new Ticks(JudgePlan.DEFAULT).learnStable();
        for (int i = 0; i < 600; i++) {
            assertThat(ticks.tick(5, 0, 95, 0)).isInstanceOf(Standing.class);
        }
        for (int i = 0; i < 600; i++) {
            assertThat(ticks.tick(5, 4, 95, 76)).isInstanceOf(Standing.class);
        }
        assertThat(ticks.judge.verdict()).isEqualTo(Standing.SHARED_INCIDENT);
        assertThat(ticks.judge.readiness().missing())
                .extracting(Readiness.Missing::need)
                .contains(Need.NO_INCIDENT);
    }

    @Test
    void incidentEndsSoonAfterBothArmsRecovered() {
        Ticks ticks = new Ticks(JudgePlan.DEFAULT).learnStable();
        for (int i = 0; i < 6000; i++) {
            ticks.tick(5, 4, 95, 76);
        }
        assertThat(ticks.judge.verdict()).isEqualTo(Standing.SHARED_INCIDENT);
        int recovery = 0;
        while (ticks.judge.verdict() == Standing.SHARED_INCIDENT) {
            ticks.tick(5, 0, 95, 0);
            recovery++;
        }
        assertThat(recovery).as("ticks of 100 ms").isLessThan(50);
    }

    @Test
    void canaryWorseThanAFailingStableIsStillReverted() {
        Ticks ticks = new Ticks(JudgePlan.DEFAULT).learnStable();
        Verdict verdict = Standing.HOLDING;
        for (int i = 0; i < 600 && !(verdict instanceof Verdict.Revert); i++) {
            verdict = ticks.tick(5, 5, 95, 30);
        }
        assertThat(verdict).isInstanceOf(Verdict.Revert.class);
    }

    @Test
    void slowCanaryIsRevertedForLatencyAndNamesTheQuantile() {
        Ticks ticks = new Ticks(JudgePlan.DEFAULT).learnStable();
        ticks.canaryMicros = 60_000;
        Verdict verdict = Standing.HOLDING;
        for (int i = 0; i < 600 && !(verdict instanceof Verdict.Revert); i++) {
            verdict = ticks.tick(5, 0, 95, 0);
        }
        assertThat(verdict).isInstanceOfSatisfying(Verdict.Revert.class, revert -> {
            assertThat(revert.cause())
                    .isInstanceOfSatisfying(
                            Cause.Comparison.class,
                            cause -> assertThat(cause.metric()).isEqualTo(Metric.LATENCY));
            assertThat(VerdictText.reverted("shop", revert)).contains("odds of being slow");
        });
    }

    @Test
    void latencyAloneNeedsTwentyCanaryAnswers() {
        Ticks ticks = new Ticks(JudgePlan.DEFAULT).learnStable();
        ticks.canaryMicros = 10_000_000;
        for (int i = 0; i < 19; i++) {
            assertThat(ticks.tick(1, 0, 19, 0)).isEqualTo(Standing.HOLDING);
        }
        assertThat(ticks.judge.logWealth()).isGreaterThan(Math.log(100));
        ticks.tick(1, 0, 19, 0);
        assertThat(ticks.tick(1, 0, 19, 0)).isInstanceOf(Verdict.Revert.class);
    }

    @Test
    void warmingCanaryIsNoEvidenceHoweverManyAnswersOfStablePass() {
        Ticks ticks = new Ticks(JudgePlan.DEFAULT).learnStable();
        for (int i = 0; i < 600; i++) {
            ticks.begin(.05, 1);
            ticks.sample.canary().answered(5, 0);
            ticks.sample.stable().answered(95, 0);
            ticks.sample.canaryWarming(true);
            for (int j = 0; j < 95; j++) {
                ticks.sample.stable().latency().addMicros(10_000 + j);
            }
            assertThat(ticks.judge.tick(ticks.sample)).isEqualTo(Standing.HOLDING);
        }
        assertThat(ticks.judge.logWealth()).isLessThan(0.1);
        assertThat(ticks.judge.readiness().missing())
                .extracting(Readiness.Missing::need)
                .contains(Need.WARM_UP);
    }

    @Test
    void hangingCanaryIsRevertedBeforeAnyOfItsRequestsEnds() {
        Ticks ticks = new Ticks(JudgePlan.DEFAULT).learnStable();
        Verdict verdict = Standing.HOLDING;
        for (int i = 0; i < 100 && !(verdict instanceof Verdict.Revert); i++) {
            ticks.begin(.05, 1);
            ticks.sample.stable().answered(19, 0);
            for (int j = 0; j < 19; j++) {
                ticks.sample.stable().latency().addMicros(10_000 + 1000 * j);
            }
            for (Quantile quantile : Quantile.values()) {
                ticks.sample.canary().slowRunning(quantile, 1);
            }
            verdict = ticks.judge.tick(ticks.sample);
        }
        assertThat(verdict).isInstanceOf(Verdict.Revert.class);
    }

    @Test
    void slowRequestAnnouncedWhileRunningIsNotCountedAgainWhenItEnds() {
        var arm = new ArmSample();
        arm.slowRunning(Quantile.P90, 1);
        assertThat(arm.timed(Quantile.P90)).isEqualTo(1);
        assertThat(arm.slow(Quantile.P90, 10)).isEqualTo(1);
        arm.clear();
        arm.latency().add(500, 1);
        arm.latency().add(5, 1);
        arm.slowSettled(Quantile.P90, 1);
        assertThat(arm.timed(Quantile.P90)).isEqualTo(1);
        assertThat(arm.slow(Quantile.P90, 10)).isZero();
        assertThat(arm.timed(Quantile.P99)).isEqualTo(2);
    }

    @Test
    void healthyCanaryIsShownToBeFineOnceEvidenceAndDwellAreThere() {
        Ticks ticks = new Ticks(JudgePlan.DEFAULT).learnStable();
        int tick = 0;
        while (ticks.tick(5, 0, 95, 0) != Standing.WATCHING) {
            tick++;
            assertThat(tick).isLessThan(2000);
        }
        assertThat(tick).isGreaterThanOrEqualTo(298);
        assertThat(ticks.judge.readiness().isReady()).isTrue();
    }

    @Test
    void newWeightAsksForEvidenceAnew() {
        Ticks ticks = new Ticks(JudgePlan.DEFAULT).learnStable();
        for (int i = 0; i < 600; i++) {
            ticks.tick(5, 0, 95, 0);
        }
        assertThat(ticks.judge.verdict()).isEqualTo(Standing.WATCHING);
        assertThat(ticks.weight(.1).tick(10, 0, 90, 0)).isEqualTo(Standing.HOLDING);
    }

    @Test
    void saysWhatIsMissingAndHowLongItTakes() {
        Ticks ticks = new Ticks(JudgePlan.DEFAULT).learnStable();
        ticks.weight(.01);
        for (int i = 0; i < 3600; i++) {
            ticks.tick(i % 100 == 0 ? 1 : 0, 0, 1, 0);
        }
        Readiness readiness = ticks.judge.readiness();
        assertThat(readiness.text()).contains("more canary requests, about").contains("at this rate");
        Readiness.Missing errors = readiness.missing().stream()
                .filter(missing -> missing.need() == Need.ERROR_EVIDENCE)
                .findFirst()
                .orElseThrow();
        assertThat(errors.canaryRequests()).isBetween(100.0, 300.0);
        assertThat(errors.seconds()).isBetween(errors.canaryRequests() * 9, errors.canaryRequests() * 11);
    }

    @Test
    void absenceOfCanaryTrafficIsNeverTakenForHealth() {
        Ticks ticks = new Ticks(JudgePlan.DEFAULT).learnStable();
        for (int i = 0; i < 6000; i++) {
            assertThat(ticks.tick(0, 0, 100, 0)).isEqualTo(Standing.HOLDING);
        }
        assertThat(ticks.judge.readiness().text()).contains("none are coming");
    }

    @Test
    void canaryAloneIsHeldAgainstTheErrorLimit() {
        Ticks ticks = new Ticks(JudgePlan.DEFAULT).learnStable();
        ticks.weight(1);
        for (int i = 0; i < 100; i++) {
            assertThat(ticks.tick(100, 5, 0, 0)).isInstanceOf(Standing.class);
        }
        Verdict verdict = Standing.HOLDING;
        for (int i = 0; i < 100 && !(verdict instanceof Verdict.Revert); i++) {
            verdict = ticks.tick(100, 50, 0, 0);
        }
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.Revert.class,
                        revert -> assertThat(revert.cause()).isInstanceOf(Cause.Absolute.class));
    }

    @Test
    void firstRequestsAllFailingStrikesBeforeStatisticsCan() {
        Ticks ticks = new Ticks(JudgePlan.DEFAULT.withComparison(JudgePlan.Comparison.OFF));
        assertThat(ticks.tick(4, 4, 76, 0)).isInstanceOf(Standing.class);
        assertThat(ticks.tick(1, 1, 19, 0))
                .isInstanceOfSatisfying(
                        Verdict.Revert.class,
                        revert -> assertThat(revert.cause()).isEqualTo(new Cause.Catastrophe(5)));
    }

    @Test
    void firstRequestsAllFailingDoNotStrikeWhileStableFailsToo() {
        Ticks ticks = new Ticks(JudgePlan.DEFAULT.withComparison(JudgePlan.Comparison.OFF));
        assertThat(ticks.tick(20, 20, 380, 300)).isInstanceOf(Standing.class);
    }

    @Test
    void userLimitOnErrorsRevertsUnlessStableExceedsItToo() {
        var limits = new Thresholds(.05, List.of(), Duration.ofSeconds(10), 50, 1);
        JudgePlan plan =
                JudgePlan.DEFAULT.withComparison(JudgePlan.Comparison.OFF).withThresholds(limits);
        Ticks alone = new Ticks(plan);
        alone.tick(49, 5, 900, 0);
        assertThat(alone.judge.verdict()).isInstanceOf(Standing.class);
        assertThat(alone.tick(1, 0, 19, 0))
                .isInstanceOfSatisfying(
                        Verdict.Revert.class,
                        revert -> assertThat(revert.cause())
                                .isEqualTo(new Cause.ErrorRate(5, 50, .05, Duration.ofSeconds(10))));
        Ticks both = new Ticks(plan);
        assertThat(both.tick(50, 5, 950, 95)).isEqualTo(Standing.SHARED_INCIDENT);
    }

    @Test
    void keyedUsersAreSettledInBlocksWithTheirRealShare() {
        Ticks ticks =
                new Ticks(JudgePlan.DEFAULT.withArms(JudgePlan.Arms.KEYED).withComparison(JudgePlan.Comparison.ERRORS));
        ticks.weight(.01);
        // A few heavy users give the canary of weight 1 % half of the traffic: no evidence against it in itself.
        for (int i = 0; i < 2000; i++) {
            assertThat(ticks.tick(50, i % 20 == 0 ? 1 : 0, 50, i % 20 == 10 ? 1 : 0))
                    .isInstanceOf(Standing.class);
        }
        assertThat(ticks.judge.logWealth()).isLessThan(Math.log(100));
    }

    @Test
    void stragglersOfAnEarlierWeightCountUnderTheirOwn() {
        Ticks ticks = new Ticks(JudgePlan.DEFAULT.withComparison(JudgePlan.Comparison.ERRORS));
        ticks.weight(.5);
        ticks.tick(500, 0, 500, 0);
        ticks.weight(.01);
        ticks.tick(10, 0, 990, 0);
        // An outage hits what was still running under 50 %: under 1 % the same counts would be proof.
        for (int i = 0; i < 10; i++) {
            ticks.begin(.5, ticks.epoch - 1);
            ticks.sample.canary().answered(20, 20);
            ticks.sample.stable().answered(20, 20);
            assertThat(ticks.judge.tick(ticks.sample)).isInstanceOf(Standing.class);
        }
        assertThat(ticks.judge.logWealth()).isLessThan(Math.log(2));
    }

    @Test
    void thirdMetricIsJudgedUnderItsName() {
        Ticks ticks = new Ticks(JudgePlan.DEFAULT.withThirdMetric("client errors")).learnStable();
        Verdict verdict = Standing.HOLDING;
        for (int i = 0; i < 200 && !(verdict instanceof Verdict.Revert); i++) {
            ticks.begin(.05, 1);
            ticks.sample.canary().answered(5, 0);
            ticks.sample.canary().flagged(3);
            ticks.sample.stable().answered(95, 0);
            ticks.sample.stable().flagged(i % 2);
            verdict = ticks.judge.tick(ticks.sample);
        }
        assertThat(verdict).isInstanceOfSatisfying(Verdict.Revert.class, revert -> {
            assertThat(revert.cause())
                    .isInstanceOfSatisfying(
                            Cause.Comparison.class,
                            cause -> assertThat(cause.metric()).isEqualTo(Metric.THIRD));
            assertThat(VerdictText.details(revert.evidence())).contains("client errors");
        });
    }

    @Test
    void anotherPlanBeginsATrialAndTheSamePlanDoesNot() {
        Ticks ticks = new Ticks(JudgePlan.DEFAULT);
        ticks.tick(50, 3, 950, 1);
        double before = ticks.judge.logWealth();
        ticks.judge.configure(JudgePlan.DEFAULT);
        assertThat(ticks.judge.logWealth()).isEqualTo(before).isNotEqualTo(0.0);
        ticks.judge.configure(JudgePlan.DEFAULT.withArms(JudgePlan.Arms.KEYED));
        assertThat(ticks.judge.logWealth()).isEqualTo(0.0);
    }
}
