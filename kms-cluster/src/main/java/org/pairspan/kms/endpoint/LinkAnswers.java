package org.pairspan.kms.endpoint;

import org.pairspan.kms.observe.ServiceCounters;
import org.pairspan.protocol.keyservice.Refusal;
import org.pairspan.protocol.keyservice.ServiceFrame;

/** Answers to a member's frames, each with the correlation id of its question. Used by the link's thread. */
final class LinkAnswers {

    private final LinkOutput output;
    private final ServiceCounters counters;

    LinkAnswers(LinkOutput output, ServiceCounters counters) {
        this.output = output;
        this.counters = counters;
    }

    /** The beginning of an answer. */
    static ServiceFrame.Builder to(long correlationId) {
        return ServiceFrame.newBuilder().setCorrelationId(correlationId);
    }

    void send(ServiceFrame.Builder answer) {
        output.send(answer.build());
    }

    /** Refuses, and counts it. */
    void refuse(long correlationId, Refusal.Reason reason, String detail) {
        counters.refused(reason);
        sendRefusal(correlationId, reason, detail);
    }

    /** Passes on a refusal that is counted already. */
    void sendRefusal(long correlationId, Refusal.Reason reason, String detail) {
        send(to(correlationId).setRefusal(Refusal.newBuilder().setReason(reason).setDetail(detail)));
    }
}
