package org.pairspan.node.keyring;

import java.util.concurrent.CompletableFuture;

/** The key service as the control thread sees it. {@link KeyServiceClient} is the real one. */
interface KeyService {
    /**
     * Asks for the association with a peer. Never blocks.
     *
     * @param aboveGeneration a generation above this one is wanted; 0: the current one will do.
     * @return completes on any thread; exceptionally with an {@link java.io.IOException} when no answer can be had now.
     */
    CompletableFuture<Reply.Answer> ask(Target target, long aboveGeneration);

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
    }

    /** The way back to the server that pushed an association. Never blocks; may be called from any thread, once. */
    interface InstallReply {
        void installed();

        void refused(String reason);
    }
}
