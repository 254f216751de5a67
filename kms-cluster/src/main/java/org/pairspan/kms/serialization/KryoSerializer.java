package org.pairspan.kms.serialization;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.util.Pool;
import java.io.NotSerializableException;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.serialization.SerializerWithStringManifest;
import org.pairspan.kms.cluster.ClusterMessage;

/**
 * Pekko's way to {@link KryoRegistry}. Bytes are the class number as Kryo writes it, then the fields; the manifest is the version of that
 * format. Safe for use by several threads.
 */
public final class KryoSerializer extends SerializerWithStringManifest {

    /** Stands in the journal; never changes. */
    static final int IDENTIFIER = 7_165_734;
    static final String FORMAT = "1";

    private static final int POOL_SIZE = 8;
    private static final int INITIAL_BUFFER = 512;
    private static final int MAX_BUFFER = 64 << 20;

    private final Pool<Kryo> pool;

    /** Called by Pekko. */
    public KryoSerializer(ExtendedActorSystem system) {
        pool = new Pool<>(true, false, POOL_SIZE) {
            @Override
            protected Kryo create() {
                return KryoRegistry.create(ActorRefResolver.get(Adapter.toTyped(system)));
            }
        };
    }

    @Override
    public int identifier() {
        return IDENTIFIER;
    }

    @Override
    public String manifest(Object message) {
        return FORMAT;
    }

    @Override
    public byte[] toBinary(Object message) {
        Kryo kryo = pool.obtain();
        try {
            Output output = new Output(INITIAL_BUFFER, MAX_BUFFER);
            kryo.writeClassAndObject(output, message);
            return output.toBytes();
        } finally {
            pool.free(kryo);
        }
    }

    @Override
    public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
        if (!FORMAT.equals(manifest)) {
            throw new NotSerializableException("written in format " + manifest + ", this version reads " + FORMAT);
        }
        Kryo kryo = pool.obtain();
        try {
            Input input = new Input(bytes);
            Object message = kryo.readClassAndObject(input);
            if (!(message instanceof ClusterMessage) || input.position() != bytes.length) {
                throw new NotSerializableException("not one whole message between key servers");
            }
            return message;
        } catch (KryoException | IllegalArgumentException e) {
            NotSerializableException failure = new NotSerializableException("message between key servers does not read: " + e.getMessage());
            failure.initCause(e);
            throw failure;
        } finally {
            pool.free(kryo);
        }
    }
}
