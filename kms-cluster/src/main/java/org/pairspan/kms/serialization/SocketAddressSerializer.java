package org.pairspan.kms.serialization;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** Resolved socket addresses: address length, address, port. Nothing is looked up. */
final class SocketAddressSerializer extends Serializer<InetSocketAddress> {

    private static final int IPV6_LENGTH = 16;

    SocketAddressSerializer() {
        super(false, true);
    }

    @Override
    public void write(Kryo kryo, Output output, InetSocketAddress address) {
        byte[] bytes = address.getAddress().getAddress();
        output.writeByte(bytes.length);
        output.writeBytes(bytes);
        output.writeShort(address.getPort());
    }

    @Override
    public InetSocketAddress read(Kryo kryo, Input input, Class<? extends InetSocketAddress> type) {
        int length = input.readByteUnsigned();
        if (length > IPV6_LENGTH) {
            throw new KryoException("an address of " + length + " bytes");
        }
        try {
            return new InetSocketAddress(InetAddress.getByAddress(input.readBytes(length)), input.readShortUnsigned());
        } catch (UnknownHostException e) {
            throw new KryoException("an address of " + length + " bytes", e);
        }
    }
}
