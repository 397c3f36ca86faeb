package io.turnout.testing;

import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Methods of gRPC whose messages are octets, so that no code needs to be generated. */
public final class OctetCalls {
    private OctetCalls() {}

    /** A method of the service {@code test.Echo}. */
    public static MethodDescriptor<byte[], byte[]> method(String name, MethodType type) {
        return MethodDescriptor.<byte[], byte[]>newBuilder(new Octets(), new Octets())
                .setType(type)
                .setFullMethodName("test.Echo/" + name)
                .build();
    }

    private static final class Octets implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
