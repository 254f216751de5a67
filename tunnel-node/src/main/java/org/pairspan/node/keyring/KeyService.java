package org.pairspan.node.keyring;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.pairspan.protocol.keyservice.KeyStep;

/** The key service as the control thread sees it. {@link KeyServiceClient} is the real one. */
interface KeyService {
    /**
     * Asks for the association with a peer. Never blocks.
     *
     * @param aboveGeneration a generation above this one is wanted; 0: the current one will do.
     * @param heldVersion     version of the key shared with the peer that is held; 0: none.
     * @return completes on any thread; exceptionally with an {@link java.io.IOException} when no answer can be had now.
     */
    CompletableFuture<Reply.Answer> ask(Target target, long aboveGeneration, int heldVersion);

    /** What the key service says unasked, and how the link to it fares. Called on the link's threads; must not block. */
    interface Listener {
        /** Registered with a server: what failed before may be tried again at once. */
        void onLinkUp(int ownNumber);

        /**
         * A peer has been given this association, and we shall have it before the peer uses it.
         *
         * @param offer owned by the callee from here on.
         */
        void onInstall(AssociationOffer offer, InstallReply reply);

        /** The first step of an update of the key shared with a peer: as {@link #onInstall}, but nothing is to be sent under it yet. */
        void onPrepare(AssociationOffer offer, InstallReply reply);

        /** A later step of such an update. */
        void onStep(KeyStep step, InstallReply reply);

        /** This version of the policy is in force; what is held may not be allowed any more. */
        void onPolicy(long version);

        /** Members have lost their right to keys: what is shared with them is to be closed at once. */
        void onRevoked(List<Integer> memberNumbers);
    }

    /** The way back to the server that pushed an association. Never blocks; may be called from any thread, once. */
    interface InstallReply {
        void installed();

        void refused(String reason);
    }
}
