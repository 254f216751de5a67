package org.pairspan.benchmarks.fuzz;

import java.util.List;
import java.util.SplittableRandom;
import org.agrona.concurrent.UnsafeBuffer;
import org.pairspan.protocol.keyservice.FrameCodec;
import org.pairspan.protocol.keyservice.MalformedMessageException;
import org.pairspan.protocol.keyservice.MemberFrame;
import org.pairspan.protocol.keyservice.Refusal;
import org.pairspan.protocol.keyservice.Register;
import org.pairspan.protocol.keyservice.ServiceFrame;

/** Frames between members and key servers. */
final class KeyServiceTarget implements FuzzTarget {
    @Override
    public List<byte[]> samples() {
        return List.of(
            MemberFrame.newBuilder().setCorrelationId(1).setRegister(Register.newBuilder().setMemberId("site-a").addSuites(1)).build().toByteArray(),
            ServiceFrame.newBuilder().setCorrelationId(1).setRefusal(Refusal.newBuilder().setReason(Refusal.Reason.SELF)).build().toByteArray());
    }

    @Override
    public void feed(UnsafeBuffer input, SplittableRandom random) {
        byte[] body = new byte[input.capacity()];
        input.getBytes(0, body);
        try {
            FrameCodec.parseMember(body);
        } catch (MalformedMessageException e) {
            FuzzTarget.requireReason(e);
        }
        try {
            FrameCodec.parseService(body);
        } catch (MalformedMessageException e) {
            FuzzTarget.requireReason(e);
        }
    }
}
