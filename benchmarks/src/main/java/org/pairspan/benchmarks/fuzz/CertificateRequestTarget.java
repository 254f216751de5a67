package org.pairspan.benchmarks.fuzz;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.pairspan.runtime.certificate.KeyKind;
import org.pairspan.runtime.identity.Identity;
import org.pairspan.runtime.identity.Role;
import org.pairspan.runtime.pki.CertificateRequest;

/** Certificate requests of whoever enrols. */
final class CertificateRequestTarget implements FuzzTarget {
    private static final List<byte[]> SAMPLES = Arrays.stream(KeyKind.values()).map(kind -> CertificateRequest.create(
        new Identity(Role.MEMBER, "site-a"), kind, kind.generate(new SecureRandom()))).toList();

    @Override
    public List<byte[]> samples() {
        return SAMPLES;
    }

    @Override
    public void feed(UnsafeBuffer input, SplittableRandom random) {
        byte[] der = new byte[input.capacity()];
        input.getBytes(0, der);
        try {
            CertificateRequest.read(der);
        } catch (IllegalArgumentException e) {
            FuzzTarget.requireReason(e);
        }
    }
}
