package org.pairspan.kms.sealing;

import java.time.Instant;

/**
 * How a journal's ring is wrapped.
 *
 * @param number     1 for a journal's first wrapping, one more for each new one
 * @param since      when it was wrapped
 * @param kind       who keeps the master key
 * @param parameters of the provider, in clear
 */
public record Wrapping(int number, Instant since, ProviderKind kind, byte[] parameters) {

    @Override
    public String toString() {
        return "wrapping " + number + ", by " + kind.configName() + ", since " + since;
    }
}
