package org.pairspan.node.keyring;

/** An association that must not be used; the message says why and is fit for the log and for the key service. */
final class OfferException extends Exception {
    OfferException(String reason) {
        super(reason);
    }

    /** Refuses an offer of which something does not hold. */
    static void require(boolean holds, String otherwise) throws OfferException {
        if (!holds) {
            throw new OfferException(otherwise);
        }
    }
}
