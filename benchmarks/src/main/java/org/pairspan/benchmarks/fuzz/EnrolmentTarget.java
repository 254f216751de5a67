package org.pairspan.benchmarks.fuzz;

import com.google.protobuf.ByteString;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.pairspan.node.enrolment.EnrolmentExchange;
import org.pairspan.node.enrolment.RefusedException;
import org.pairspan.protocol.address.IpPrefix;
import org.pairspan.protocol.keyservice.CertificateChain;
import org.pairspan.protocol.keyservice.EnrolmentAnswer;
import org.pairspan.protocol.keyservice.EnrolmentFrames;
import org.pairspan.protocol.keyservice.EnrolmentRefusal;
import org.pairspan.protocol.keyservice.EnrolmentRequest;
import org.pairspan.protocol.keyservice.FrameCodec;
import org.pairspan.runtime.certificate.KeyKind;
import org.pairspan.runtime.identity.Identity;
import org.pairspan.runtime.identity.Role;
import org.pairspan.runtime.pki.CertificateAuthority;
import org.pairspan.runtime.pki.CertificateRequest;

/** Frames of whoever enrols, and those of a key server whose answer is checked up to the last certificate in it. */
final class EnrolmentTarget implements FuzzTarget {
    private static final KeyKind KIND = KeyKind.ECDSA_P256;
    private static final Identity MEMBER = new Identity(Role.MEMBER, "site-a");
    private static final KeyPair PAIR = KIND.generate(new SecureRandom());
    private static final CertificateAuthority ROOT =
        CertificateAuthority.create("Root", KIND, Duration.ofDays(9), 1, Clock.systemUTC());
    private static final Instant NOW = Instant.now();
    private static final EnrolmentExchange EXCHANGE = new EnrolmentExchange(MEMBER, KIND, PAIR, List.of(ROOT.own().certificate()));
    private static final List<byte[]> SAMPLES = List.of(
        FrameCodec.encode(EnrolmentRequest.newBuilder().setToken(ByteString.copyFrom(new byte[32]))
            .setCertificateRequest(ByteString.copyFrom(CertificateRequest.create(MEMBER, KIND, PAIR))).build()),
        FrameCodec.encode(EnrolmentAnswer.newBuilder().setCertificate(chain()).build()),
        FrameCodec.encode(EnrolmentAnswer.newBuilder().setRefusal(EnrolmentRefusal.newBuilder().setAskAgain(true)).build()),
        FrameCodec.encode(EnrolmentAnswer.newBuilder().setRefusal(EnrolmentRefusal.getDefaultInstance()).build()));

    private static CertificateChain chain() {
        try {
            CertificateAuthority below = ROOT.issueMemberAuthority("Enrolment", KIND, List.of(), Duration.ofDays(5));
            CertificateChain.Builder chain = CertificateChain.newBuilder().addCertificates(ByteString.copyFrom(
                below.issueMember(MEMBER.id(), PAIR.getPublic(), List.of(IpPrefix.parse("10.1.0.0/16")), Duration.ofDays(1)).getEncoded()));
            for (X509Certificate certificate : below.intermediates()) {
                chain.addCertificates(ByteString.copyFrom(certificate.getEncoded()));
            }
            return chain.build();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate of our own can be encoded", e);
        }
    }

    @Override
    public List<byte[]> samples() {
        return SAMPLES;
    }

    @Override
    public void feed(UnsafeBuffer input, SplittableRandom random) {
        byte[] frame = new byte[input.capacity()];
        input.getBytes(0, frame);
        try {
            EnrolmentFrames.readRequest(new ByteArrayInputStream(frame));
        } catch (IOException e) {
            FuzzTarget.requireReason(e);
        }
        try {
            EXCHANGE.read(new ByteArrayInputStream(frame), NOW);
        } catch (IOException | RefusedException e) {
            FuzzTarget.requireReason(e);
        }
    }
}
