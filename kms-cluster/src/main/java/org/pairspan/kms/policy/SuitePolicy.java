package org.pairspan.kms.policy;

import java.util.List;
import org.pairspan.protocol.crypto.Suite;

/**
 * Which suites a pair may use.
 *
 * @param allowed by the service, best first
 */
public record SuitePolicy(List<Suite> allowed) {

    public SuitePolicy {
        allowed = List.copyOf(allowed);
    }

    /** Wire numbers of the allowed suites that both members can run, the service's best first. */
    public List<Integer> common(List<Integer> one, List<Integer> other) {
        return allowed.stream().map(Suite::wireNumber).filter(number -> one.contains(number) && other.contains(number)).toList();
    }
}
