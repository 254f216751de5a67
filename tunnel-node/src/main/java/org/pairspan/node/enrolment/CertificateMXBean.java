package org.pairspan.node.enrolment;

/** The certificate of a node. */
public interface CertificateMXBean {

    /** When it ends, ISO 8601. */
    String getEnd();

    /** When the node renews it by itself, ISO 8601; empty where it does not. */
    String getRenewalDue();

    /** How often it was renewed since the node started. */
    long getRenewals();

    /** Why the last attempt failed; empty where it did not. */
    String getLastFailure();
}
