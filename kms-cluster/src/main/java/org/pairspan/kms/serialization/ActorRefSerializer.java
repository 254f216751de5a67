package org.pairspan.kms.serialization;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;

/** Actor references as Pekko's own text form. */
final class ActorRefSerializer extends Serializer<ActorRef<?>> {

    private final ActorRefResolver actorRefs;

    ActorRefSerializer(ActorRefResolver actorRefs) {
        super(false, true);
        this.actorRefs = actorRefs;
    }

    @Override
    public void write(Kryo kryo, Output output, ActorRef<?> ref) {
        output.writeString(actorRefs.toSerializationFormat(ref));
    }

    @Override
    public ActorRef<?> read(Kryo kryo, Input input, Class<? extends ActorRef<?>> type) {
        return actorRefs.resolveActorRef(input.readString());
    }
}
