package org.pairspan.protocol.session;

import org.pairspan.protocol.control.ControlSink;
import org.pairspan.protocol.heartbeat.AuthenticTraffic;
import org.pairspan.protocol.padding.DummySink;
import org.pairspan.protocol.pathmtu.ProbeSink;

/**
 * What is around a {@link PeerSession}. All is called on the session's thread.
 *
 * @param control  sends messages.
 * @param probes   sends probes of the path MTU.
 * @param dummies  sends dummy packets.
 * @param traffic  what has come from the peer and was authentic, whatever it is.
 * @param listener told of changes.
 */
public record SessionEnvironment(ControlSink control, ProbeSink probes, DummySink dummies, AuthenticTraffic traffic,
                                 SessionListener listener) {
}
