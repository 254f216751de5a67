package org.pairspan.kms.delivery;

import java.util.List;

/** A key that waits for its slaves. */
public record HeldKey(NamedKey named, List<Recipient> recipients) {

    public HeldKey {
        recipients = List.copyOf(recipients);
    }

    /** The slave with this id; null where it is none. */
    Recipient recipient(String sae) {
        return recipients.stream().filter(recipient -> recipient.sae().equals(sae)).findFirst().orElse(null);
    }

    /** Whether nobody may have it any more. */
    boolean isDue(long now) {
        return recipients.stream().allMatch(recipient -> recipient.until() <= now);
    }

    /** The same, delivered to a slave, which may have it again until then. */
    HeldKey delivered(String sae, long until) {
        return new HeldKey(named, recipients.stream().map(recipient -> recipient.sae().equals(sae)
                ? new Recipient(sae, true, Math.min(until, recipient.until())) : recipient).toList());
    }
}
