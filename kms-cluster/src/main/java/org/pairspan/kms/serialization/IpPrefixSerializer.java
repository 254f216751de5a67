package org.pairspan.kms.serialization;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import org.pairspan.protocol.address.IpPrefix;

/** Prefixes: address length, address, prefix length in bits. */
final class IpPrefixSerializer extends Serializer<IpPrefix> {

    IpPrefixSerializer() {
        super(false, true);
    }

    @Override
    public void write(Kryo kryo, Output output, IpPrefix prefix) {
        byte[] address = prefix.address();
        output.writeByte(address.length);
        output.writeBytes(address);
        output.writeByte(prefix.length());
    }

    @Override
    public IpPrefix read(Kryo kryo, Input input, Class<? extends IpPrefix> type) {
        int length = input.readByteUnsigned();
        if (length > IpPrefix.IPV6_OCTETS) {
            throw new KryoException("a prefix of " + length + " bytes");
        }
        return IpPrefix.ofBytes(input.readBytes(length), input.readByteUnsigned());
    }
}
