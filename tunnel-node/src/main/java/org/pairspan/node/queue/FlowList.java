package org.pairspan.node.queue;

/** Flows whose turn comes in this order. */
final class FlowList {
    private Flow first;
    private Flow last;

    Flow first() {
        return first;
    }

    void add(Flow flow) {
        flow.next = null;
        if (first == null) {
            first = flow;
        } else {
            last.next = flow;
        }
        last = flow;
    }

    void removeFirst() {
        Flow removed = first;
        first = removed.next;
        removed.next = null;
    }
}
