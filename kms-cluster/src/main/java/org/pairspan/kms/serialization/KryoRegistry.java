package org.pairspan.kms.serialization;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Registration;
import com.esotericsoftware.kryo.serializers.DefaultArraySerializers.ByteArraySerializer;
import com.esotericsoftware.kryo.serializers.RecordSerializer;
import java.net.InetSocketAddress;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.pairspan.kms.association.Association;
import org.pairspan.kms.association.AssociationEvent;
import org.pairspan.kms.association.AssociationState;
import org.pairspan.kms.association.Demand;
import org.pairspan.kms.association.Generation;
import org.pairspan.kms.association.UpdateCommand;
import org.pairspan.kms.cluster.Beat;
import org.pairspan.kms.delivery.HeldKey;
import org.pairspan.kms.delivery.HeldKeys;
import org.pairspan.kms.delivery.KeyId;
import org.pairspan.kms.delivery.NamedKey;
import org.pairspan.kms.delivery.Recipient;
import org.pairspan.kms.directory.Directory;
import org.pairspan.kms.directory.MemberEntry;
import org.pairspan.kms.directory.Revocation;
import org.pairspan.kms.directory.RevocationCommand;
import org.pairspan.kms.enrolment.EnrolmentToken;
import org.pairspan.kms.pairkey.PairId;
import org.pairspan.kms.pairkey.PairKey;
import org.pairspan.kms.policy.keeping.KeyPolicy;
import org.pairspan.kms.policy.keeping.PolicyVersion;
import org.pairspan.kms.pairkey.PairKeyEvent;
import org.pairspan.kms.pairkey.PairKeyState;
import org.pairspan.kms.pairkey.VersionCommand;
import org.pairspan.kms.presence.Handout;
import org.pairspan.kms.presence.LinkPush;
import org.pairspan.kms.presence.MemberPresence;
import org.pairspan.kms.presence.Push;
import org.pairspan.kms.sealing.SealedKey;
import org.pairspan.kms.update.KeyUpdateEvent;
import org.pairspan.kms.update.UpdateJob;
import org.pairspan.kms.update.UpdateJobs;
import org.pairspan.kms.update.UpdatePlan;
import org.pairspan.protocol.address.IpPrefix;

/**
 * The one list of what Kryo may read and write, with the number of each class. A number once used stays with its class; a record that
 * stands in the journal is never changed: a new one gets a new number, and the old one stays readable. Numbers below 10 are Kryo's own
 * for primitives and strings.
 */
final class KryoRegistry {

    private KryoRegistry() {
    }

    /** A Kryo that knows these classes and no others. For one thread at a time. */
    static Kryo create(ActorRefResolver actorRefs) {
        Kryo kryo = new InterfaceAwareKryo();
        kryo.setRegistrationRequired(true);
        kryo.setReferences(false);

        kryo.register(byte[].class, new ByteArraySerializer(), 20);
        kryo.register(List.class, new ListSerializer(), 21);
        kryo.register(ActorRef.class, new ActorRefSerializer(actorRefs), 22);
        kryo.register(InetSocketAddress.class, new SocketAddressSerializer(), 23);
        kryo.register(IpPrefix.class, new IpPrefixSerializer(), 24);

        // In the journal.
        record(kryo, PairId.class, 100);
        record(kryo, SealedKey.class, 101);
        record(kryo, MemberEntry.class, 102);
        record(kryo, Directory.MemberRegistered.class, 110);
        record(kryo, Directory.Snapshot.class, 111);
        record(kryo, PairKey.KeyCreated.class, 120);
        record(kryo, PairKeyEvent.Prepared.class, 121);
        record(kryo, PairKeyEvent.Activated.class, 122);
        record(kryo, PairKeyEvent.Retired.class, 123);
        record(kryo, PairKeyEvent.Destroyed.class, 124);
        record(kryo, PairKeyState.class, 125);
        record(kryo, PairKeyState.Version.class, 126);
        record(kryo, Revocation.class, 127);
        record(kryo, Directory.FullSnapshot.class, 128);
        record(kryo, Generation.class, 130);
        record(kryo, PolicyVersion.class, 150);
        record(kryo, KeyPolicy.Kept.class, 151);
        record(kryo, AssociationEvent.Prepared.class, 131);
        record(kryo, AssociationEvent.Activated.class, 132);
        record(kryo, AssociationEvent.RolledBack.class, 133);
        record(kryo, AssociationEvent.Retired.class, 134);
        record(kryo, AssociationState.class, 135);
        record(kryo, AssociationState.Update.class, 136);
        record(kryo, UpdateJob.class, 137);
        record(kryo, KeyUpdateEvent.JobStarted.class, 138);
        record(kryo, KeyUpdateEvent.PairsOpened.class, 139);
        record(kryo, KeyUpdateEvent.PairClosed.class, 129);
        record(kryo, KeyUpdateEvent.JobEnded.class, 232);
        record(kryo, UpdatePlan.Snapshot.class, 233);
        record(kryo, EnrolmentToken.TokenIssued.class, 170);
        record(kryo, EnrolmentToken.TokenBound.class, 171);
        record(kryo, EnrolmentToken.TokenUsed.class, 172);

        record(kryo, KeyId.class, 180);
        record(kryo, NamedKey.class, 181);
        record(kryo, Recipient.class, 182);
        record(kryo, HeldKey.class, 183);
        record(kryo, HeldKeys.KeysStored.class, 184);
        record(kryo, HeldKeys.KeysTaken.class, 185);
        record(kryo, HeldKeys.KeysDestroyed.class, 186);
        record(kryo, HeldKeys.Snapshot.class, 187);

        // Between servers.
        record(kryo, Directory.Register.class, 200);
        record(kryo, Directory.FindByAddress.class, 201);
        record(kryo, Directory.FindByNumber.class, 202);
        record(kryo, Directory.Probe.class, 203);
        record(kryo, Directory.Registered.class, 204);
        record(kryo, Directory.PrefixRefused.class, 205);
        record(kryo, Directory.NumbersExhausted.class, 206);
        record(kryo, Directory.Found.class, 207);
        record(kryo, Directory.NotFound.class, 208);
        record(kryo, Directory.ProbeReply.class, 209);
        record(kryo, Directory.ListIds.class, 158);
        record(kryo, Directory.Ids.class, 159);
        record(kryo, Directory.FindConflict.class, 210);
        record(kryo, Directory.Conflict.class, 211);
        record(kryo, Directory.NoConflict.class, 212);
        record(kryo, PairKey.GetOrCreate.class, 220);
        record(kryo, PairKey.Locate.class, 221);
        record(kryo, PairKey.Key.class, 222);
        record(kryo, PairKey.Misdirected.class, 223);
        record(kryo, PairKey.Location.class, 224);
        record(kryo, PairKey.Unavailable.class, 225);
        record(kryo, VersionCommand.Get.class, 226);
        record(kryo, VersionCommand.Prepare.class, 227);
        record(kryo, VersionCommand.Activate.class, 228);
        record(kryo, VersionCommand.Retire.class, 229);
        record(kryo, VersionCommand.Destroy.class, 230);
        record(kryo, VersionCommand.Done.class, 231);
        record(kryo, UpdateCommand.Start.class, 243);
        record(kryo, UpdateCommand.Updated.class, 244);
        record(kryo, UpdateCommand.NotNeeded.class, 245);
        record(kryo, UpdateCommand.NotNow.class, 246);
        record(kryo, UpdateCommand.UnderWay.class, 247);
        record(kryo, UpdateCommand.NotAllowed.class, 282);
        record(kryo, Directory.FindById.class, 248);
        record(kryo, Directory.RegistrationRevoked.class, 249);
        record(kryo, Directory.FoundRevoked.class, 250);
        record(kryo, RevocationCommand.Revoke.class, 251);
        record(kryo, RevocationCommand.ListAfter.class, 252);
        record(kryo, RevocationCommand.Revocations.class, 253);
        record(kryo, LinkPush.Prepare.class, 273);
        record(kryo, LinkPush.Step.class, 274);
        record(kryo, LinkPush.Superseded.class, 275);
        record(kryo, LinkPush.StandDown.class, 276);
        record(kryo, UpdateJobs.Begin.class, 254);
        record(kryo, UpdateJobs.Begun.class, 255);
        record(kryo, UpdateJobs.Cancel.class, 256);
        record(kryo, UpdateJobs.Worn.class, 257);
        record(kryo, UpdateJobs.Ask.class, 258);
        record(kryo, UpdateJobs.Report.class, 259);
        record(kryo, Demand.class, 240);
        record(kryo, Association.Allocated.class, 241);
        record(kryo, Association.Misdirected.class, 242);
        record(kryo, MemberPresence.Announce.class, 260);
        record(kryo, MemberPresence.Withdraw.class, 261);
        record(kryo, MemberPresence.Locate.class, 262);
        record(kryo, MemberPresence.Located.class, 263);
        record(kryo, MemberPresence.AwaitLink.class, 264);
        record(kryo, MemberPresence.StandDown.class, 265);
        record(kryo, MemberPresence.StoodDown.class, 266);
        record(kryo, Push.class, 270);
        record(kryo, Push.Outcome.class, 271);
        record(kryo, Handout.class, 272);
        record(kryo, KeyPolicy.Watch.class, 290);
        record(kryo, KeyPolicy.InForce.class, 291);
        record(kryo, KeyPolicy.StillInForce.class, 292);
        record(kryo, KeyPolicy.Apply.class, 293);
        record(kryo, KeyPolicy.Applied.class, 294);
        record(kryo, KeyPolicy.Conflict.class, 295);
        record(kryo, KeyPolicy.Get.class, 296);
        record(kryo, KeyPolicy.Got.class, 297);
        record(kryo, KeyPolicy.GetHistory.class, 298);
        record(kryo, KeyPolicy.History.class, 299);
        record(kryo, HeldKeys.AskRoom.class, 321);
        record(kryo, HeldKeys.Store.class, 322);
        record(kryo, HeldKeys.Take.class, 323);
        record(kryo, HeldKeys.Room.class, 324);
        record(kryo, HeldKeys.Stored.class, 325);
        record(kryo, HeldKeys.Taken.class, 326);
        record(kryo, HeldKeys.NotFound.class, 327);
        record(kryo, HeldKeys.NotNamed.class, 328);
        record(kryo, HeldKeys.Misdirected.class, 329);
        record(kryo, EnrolmentToken.Issue.class, 310);
        record(kryo, EnrolmentToken.Redeem.class, 311);
        record(kryo, EnrolmentToken.Complete.class, 312);
        record(kryo, EnrolmentToken.Issued.class, 313);
        record(kryo, EnrolmentToken.Redeemable.class, 314);
        record(kryo, EnrolmentToken.Completed.class, 315);
        record(kryo, EnrolmentToken.Refused.class, 316);
        record(kryo, Beat.class, 340);
        record(kryo, Beat.Echo.class, 341);
        return kryo;
    }

    private static <T extends Record> void record(Kryo kryo, Class<T> type, int number) {
        kryo.register(type, new RecordSerializer<>(type), number);
    }

    /** Finds lists and actor references under their interface, whichever class implements it. */
    private static final class InterfaceAwareKryo extends Kryo {

        @Override
        @SuppressWarnings("rawtypes")
        public Registration getRegistration(Class type) {
            if (ActorRef.class.isAssignableFrom(type)) {
                return super.getRegistration(ActorRef.class);
            }
            if (List.class.isAssignableFrom(type)) {
                return super.getRegistration(List.class);
            }
            return super.getRegistration(type);
        }
    }
}
