package org.pairspan.kms.policy.keeping;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.pairspan.kms.audit.Administration;
import org.pairspan.kms.audit.AuditRecord;
import org.pairspan.kms.policy.PolicyDecision;
import org.pairspan.kms.policy.document.Comparison;
import org.pairspan.kms.policy.document.CompiledPolicy;
import org.pairspan.kms.policy.document.Doubts;
import org.pairspan.kms.policy.document.PolicyDocument;
import org.pairspan.kms.policy.document.PolicyDocumentException;
import org.pairspan.kms.policy.document.Rule;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.runtime.identity.Identity;

/** Does what operators want with the policy. Operations block their thread of JMX. */
public final class KeyPolicyBean implements KeyPolicyMXBean {

    private static final int LONGEST_COMMENT = 200;
    /** How long an answer waits until every server holds the new version. */
    private static final Duration SPREAD_PATIENCE = Duration.ofSeconds(3);
    private static final Duration SPREAD_INTERVAL = Duration.ofMillis(100);

    private final PolicyInForce inForce;
    private final PolicyDesk desk;
    private final List<Suite> suites;
    private final Administration administration;

    KeyPolicyBean(PolicyInForce inForce, PolicyDesk desk, List<Suite> suites, Administration administration) {
        this.inForce = inForce;
        this.desk = desk;
        this.suites = List.copyOf(suites);
        this.administration = administration;
    }

    @Override
    public long getVersion() {
        PolicyInForce.Held held = inForce.held();
        return held == null ? -1 : held.version().number();
    }

    @Override
    public String getState() {
        String trouble = inForce.trouble();
        return trouble == null ? "current" : trouble;
    }

    @Override
    public long newestVersion() {
        return desk.version(-1).number();
    }

    @Override
    public String describe(long version) {
        return desk.version(version).line();
    }

    @Override
    public String text(long version) {
        return desk.version(version).text();
    }

    @Override
    public List<String> history() {
        KeyPolicy.History history = desk.history();
        return Stream.concat(history.versions().stream().map(PolicyVersion::line), Stream.of(spread(history))).toList();
    }

    @Override
    public List<String> check(String text) {
        CompiledPolicy newer = compiled(text);
        PolicyVersion current = desk.version(-1);
        Set<String> members = desk.members();
        Comparison comparison = Comparison.of(compiled(current.text()), newer, members);
        return PolicyReport.of(current, comparison, members, Doubts.about(newer.document(), suites, members, comparison.idleRules()));
    }

    @Override
    public String apply(String operator, long base, String comment, String text) {
        compiled(text);
        return put(operator, base, comment, text);
    }

    @Override
    public String rollback(String operator, long base, long version) {
        String text = desk.version(version).text();
        compiled(text);
        return put(operator, base, "back to version " + version, text);
    }

    private String put(String operator, long base, String comment, String text) {
        if (comment == null || comment.isBlank() || comment.length() > LONGEST_COMMENT || comment.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("a comment has 1 to " + LONGEST_COMMENT + " characters in one line; it tells others why");
        }
        administration.record(AuditRecord.Event.POLICY_CHANGED, operator, null, "policy version " + (base + 1) + " to take the place of " + base
                + ": \"" + comment + "\", SHA-256 of the document " + digest(text));
        return switch (desk.apply(base, operator, comment, text)) {
            case KeyPolicy.Applied applied -> "policy version " + applied.version() + " is in force; " + awaitSpread(applied.version());
            case KeyPolicy.Conflict conflict -> {
                administration.record(AuditRecord.Event.POLICY_CHANGED, operator, null, "refused: policy version "
                        + conflict.inForce().number() + " is in force, not " + base);
                throw new IllegalStateException("nothing was done: not version " + base + " is in force any more, but "
                        + conflict.inForce().line() + ". Check again against that one, and apply then");
            }
        };
    }

    private String awaitSpread(long version) {
        long deadline = System.nanoTime() + SPREAD_PATIENCE.toNanos();
        KeyPolicy.History history = desk.history();
        while (history.versions().getFirst().number() == version && !history.serversBehind().isEmpty() && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(SPREAD_INTERVAL.toNanos());
            history = desk.history();
        }
        return spread(history);
    }

    private static String spread(KeyPolicy.History history) {
        return "held by " + (history.serversUpToDate().isEmpty() ? "no key server yet" : String.join(", ", history.serversUpToDate()))
                + (history.serversBehind().isEmpty() ? "" : "; not yet by " + String.join(", ", history.serversBehind()));
    }

    @Override
    public List<String> explain(String one, String other) {
        for (String id : List.of(one, other)) {
            if (!Identity.ID.matcher(id).matches()) {
                throw new IllegalArgumentException("\"" + id + "\" is not the id of a member: 1 to 63 characters of a-z 0-9 . -");
            }
        }
        if (one.equals(other)) {
            throw new IllegalArgumentException("a pair has two different members");
        }
        PolicyInForce.Held held = inForce.held();
        if (held == null || held.policy() == null) {
            throw new IllegalStateException(inForce.trouble());
        }
        CompiledPolicy policy = held.policy();
        int number = policy.firstRule(policy.standing(one), policy.standing(other));
        Optional<Rule> rule = number < 0 ? Optional.empty() : Optional.of(policy.document().rules().get(number));
        String trouble = inForce.trouble();
        PolicyDecision decision = trouble == null ? policy.decide(one, other) : new PolicyDecision.Undecided(trouble);
        Set<String> members = desk.members();
        List<String> strangers = new ArrayList<>(List.of(one, other));
        strangers.removeIf(members::contains);
        return PolicyReport.of(held.version(), rule, decision, strangers);
    }

    private CompiledPolicy compiled(String text) {
        try {
            return new CompiledPolicy(PolicyDocument.parse(text), suites);
        } catch (PolicyDocumentException e) {
            throw new IllegalArgumentException("the policy has " + e.problems().size() + (e.problems().size() == 1 ? " fault" : " faults")
                    + "; nothing was done\n" + e.getMessage());
        }
    }

    private static String digest(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
