package org.pairspan.kms.policy.keeping;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.pairspan.kms.policy.KeyLifetime;
import org.pairspan.kms.policy.PairTerms;
import org.pairspan.kms.policy.PolicyDecision;
import org.pairspan.kms.policy.document.Comparison;
import org.pairspan.kms.policy.document.Rule;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.handshake.KeyExchange;
import org.pairspan.protocol.padding.PaddingSettings;

/** Policies in words. */
final class PolicyReport {

    private PolicyReport() {
    }

    /** What a change would do. */
    static List<String> of(PolicyVersion inForce, Comparison comparison, Set<String> members, List<String> doubts) {
        List<String> lines = new ArrayList<>();
        lines.add("no fault found; held against " + inForce.line());
        lines.add(members.size() + " members are registered, " + (comparison.allowed() + comparison.denied()) + " pairs: "
                + comparison.allowed() + " allowed, " + comparison.denied() + " denied"
                + (comparison.complete() ? "" : " (not all members were looked at: there are too many different ones)"));
        add(lines, "newly allowed", comparison.newlyAllowed());
        add(lines, "newly denied", comparison.newlyDenied());
        add(lines, "on other terms", comparison.changed());
        doubts.forEach(doubt -> lines.add("warning: " + doubt));
        return lines;
    }

    private static void add(List<String> lines, String what, Comparison.Sample sample) {
        lines.add(what + ": " + sample.pairs() + (sample.pairs() == 1 ? " pair" : " pairs"));
        sample.examples().forEach(example -> lines.add("  " + example));
        if (sample.pairs() > sample.examples().size()) {
            lines.add("  ...");
        }
    }

    /** What is decided about two members. */
    static List<String> of(PolicyVersion version, Optional<Rule> rule, PolicyDecision decision, List<String> strangers) {
        List<String> lines = new ArrayList<>();
        String where = rule.map(found -> ", line " + found.line() + ": between " + found.between() + " and " + found.and()).orElse("");
        switch (decision) {
            case PolicyDecision.Allowed allowed -> {
                lines.add("allowed by rule '" + allowed.rule() + "' of version " + version.number() + where);
                lines.addAll(terms(allowed));
            }
            case PolicyDecision.Denied denied -> lines.add("denied: " + denied.reason() + " in version " + version.number() + where);
            case PolicyDecision.Undecided undecided -> lines.add("refused for now: " + undecided.why());
        }
        strangers.forEach(stranger -> lines.add("note: no member " + stranger + " is registered"));
        return lines;
    }

    private static List<String> terms(PolicyDecision.Allowed allowed) {
        PairTerms terms = allowed.terms();
        return List.of(
                "  suites        " + (allowed.suites().isEmpty() ? "none that the service allows"
                        : allowed.suites().stream().map(Suite::wireName).collect(Collectors.joining(", "))),
                "  class         " + terms.trafficClass().map(PolicyReport::word).orElse("any"),
                "  padding       " + padding(terms.padding()),
                "  strict        " + terms.strict(),
                "  key-exchange  " + terms.exchange().map(KeyExchange::wireName).orElse("default"),
                "  key-lifetime  " + lifetime(allowed.keyLifetime()),
                "  source        " + allowed.source().orElse("default"));
    }

    private static String padding(PaddingSettings padding) {
        return switch (padding.mode()) {
            case NONE, FULL -> word(padding.mode());
            case MULTIPLE -> "multiple of " + padding.multiple() + " bytes";
            case CONSTANT_RATE -> "constant-rate, one each " + padding.intervalNs() / 1_000 + " us";
        };
    }

    private static String lifetime(KeyLifetime lifetime) {
        List<String> limits = new ArrayList<>();
        lifetime.age().ifPresent(age -> limits.add(age.toDays() > 0 && age.equals(Duration.ofDays(age.toDays()))
                ? age.toDays() + " d" : age.toMinutes() + " m"));
        lifetime.generations().ifPresent(generations -> limits.add(generations + " generations"));
        return limits.isEmpty() ? "as the service" : String.join(" or ", limits);
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
