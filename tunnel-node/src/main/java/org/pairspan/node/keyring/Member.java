package org.pairspan.node.keyring;

import com.google.protobuf.ByteString;
import java.net.InetSocketAddress;
import java.util.List;
import org.pairspan.protocol.address.IpPrefix;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.protocol.keyservice.Addresses;
import org.pairspan.protocol.keyservice.KeyRequest;
import org.pairspan.protocol.keyservice.MemberFrame;
import org.pairspan.protocol.keyservice.Register;

/**
 * What this member says about itself (KS-1).
 *
 * @param id          its identity, as in its certificate.
 * @param incarnation random, new at every start of the process: an association is never given to two of them.
 * @param bearer      where peers reach its UDP port.
 * @param prefixes    what is behind it.
 * @param suites      accepted, best first.
 */
public record Member(String id, long incarnation, InetSocketAddress bearer, List<IpPrefix> prefixes, List<Suite> suites) {
    MemberFrame.Builder registration() {
        Register.Builder register = Register.newBuilder().setMemberId(id).setIncarnation(incarnation)
                .setBearer(Addresses.message(bearer));
        prefixes.forEach(prefix -> register.addPrefixes(Addresses.message(prefix)));
        suites.forEach(suite -> register.addSuites(suite.wireNumber()));
        return MemberFrame.newBuilder().setRegister(register);
    }

    MemberFrame.Builder question(Target target, long aboveGeneration, int heldVersion) {
        KeyRequest.Builder request = KeyRequest.newBuilder().setMemberId(id).setIncarnation(incarnation)
                .setAboveGeneration(aboveGeneration).setHeldVersion(heldVersion);
        switch (target) {
            case Target.Owner(IpPrefix address) -> request.setPeerAddress(ByteString.copyFrom(address.address()));
            case Target.Numbered(int number) -> request.setPeerNumber(number);
        }
        return MemberFrame.newBuilder().setKeyRequest(request);
    }
}
