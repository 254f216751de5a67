package org.pairspan.kms.endpoint;

import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.pairspan.kms.directory.Directory;
import org.pairspan.kms.directory.Revocation;
import org.pairspan.kms.issue.Answer;
import org.pairspan.kms.presence.LinkPush;
import org.pairspan.protocol.keyservice.MemberFrame;
import org.pairspan.protocol.keyservice.PolicyVerdict;

/** What a {@link MemberLink} is told; all of it on its own server. */
sealed interface LinkCommand {

    /** The connection's output is there. */
    record Connected(LinkOutput output) implements LinkCommand {
    }

    /** The handshake ended well. Before any frame. */
    record Authenticated(Peer peer) implements LinkCommand {
    }

    /** The stream of frames begins. */
    record FramesBegin(ActorRef<Done> acknowledge) implements LinkCommand {
    }

    /** One frame. */
    record Received(ActorRef<Done> acknowledge, Incoming incoming) implements LinkCommand {
    }

    /** The connection ended; {@code why} is null where the member closed it. */
    record Ended(Throwable why) implements LinkCommand {
    }

    /** A frame, or what is wrong with it. */
    sealed interface Incoming {

        record Good(MemberFrame frame) implements Incoming {
        }

        record Bad(String why) implements Incoming {
        }
    }

    record DirectoryAnswered(long correlationId, Directory.RegisterReply reply, Throwable failure) implements LinkCommand {
    }

    record RegistrationAudited(long correlationId, Directory.Registered reply, Throwable failure) implements LinkCommand {
    }

    /** A refused registration is on record or counted; with a failure, neither. */
    record RegistrationRefused(long correlationId, Answer.Refused refusal, Throwable failure) implements LinkCommand {
    }

    record KeyAnswered(long correlationId, Answer answer) implements LinkCommand {
    }

    record Pushed(LinkPush push) implements LinkCommand {
    }

    record MemberRevoked(Revocation revocation) implements LinkCommand {
    }

    /** {@code recorded}: whether the record is safe, and not only counted. */
    record MismatchAudited(long correlationId, boolean recorded, Throwable failure) implements LinkCommand {
    }

    /** This server goes by another version of the policy now. */
    record PolicyChangedHere(long version) implements LinkCommand {
    }

    /** A review of what the member holds is done. */
    record Reviewed(long correlationId, PolicyVerdict verdict, Throwable failure) implements LinkCommand {
    }

    enum Tick implements LinkCommand {
        REGISTRATION_OVERDUE, SILENT, ANNOUNCE,
        /** Its member has opened too many newer ones. */
        SURPLUS
    }
}
