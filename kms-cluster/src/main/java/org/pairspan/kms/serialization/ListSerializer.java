package org.pairspan.kms.serialization;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.List;

/** Lists of any kind: count, then each element with its class. Read as unmodifiable lists. */
final class ListSerializer extends Serializer<List<?>> {

    ListSerializer() {
        super(false, true);
    }

    @Override
    public void write(Kryo kryo, Output output, List<?> list) {
        output.writeVarInt(list.size(), true);
        for (Object element : list) {
            kryo.writeClassAndObject(output, element);
        }
    }

    @Override
    public List<?> read(Kryo kryo, Input input, Class<? extends List<?>> type) {
        int count = input.readVarInt(true);
        // Each element takes a byte at least.
        if (count < 0 || count > input.limit() - input.position()) {
            throw new KryoException("a list of " + count + " elements in " + (input.limit() - input.position()) + " bytes");
        }
        Object[] elements = new Object[count];
        for (int i = 0; i < count; i++) {
            elements[i] = kryo.readClassAndObject(input);
        }
        return List.of(elements);
    }
}
