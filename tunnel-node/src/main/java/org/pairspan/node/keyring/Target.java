package org.pairspan.node.keyring;

import org.pairspan.protocol.address.IpPrefix;

/** The peer that a question is about, named by one of its addresses or by its number. Two demands for one target are one question. */
sealed interface Target {
    /** The member that owns this address; a prefix of full length. */
    record Owner(IpPrefix address) implements Target {
        @Override
        public String toString() {
            return "the owner of " + address;
        }
    }

    /** The member with this number. */
    record Numbered(int number) implements Target {
        /** Largest member number; larger ones do not fit an SPI. */
        static final int MAX = (1 << 20) - 1;

        @Override
        public String toString() {
            return "member number " + number;
        }
    }
}
