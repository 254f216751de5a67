package org.pairspan.kms.observe;

import java.util.List;
import java.util.Map;

/** A key server as JMX shows it, {@code org.pairspan:type=KeyService,name=<server>}. Counts run from the server's start. */
public interface KeyServiceMXBean {

    /** This server's name. */
    String getName();

    /** Its status in the cluster, such as {@code Up}. */
    String getState();

    /** {@code host:port} among the key servers. */
    String getClusterAddress();

    /** {@code host:port} for members. */
    String getMemberLinkAddress();

    /** The servers this one sees: {@code host:port status}, with {@code unreachable} where it is. */
    List<String> getClusterMembers();

    /** {@code host:port} of the cluster's leader, empty where there is none. */
    String getLeader();

    /** Connections of members, registered ones, at this server. */
    long getMemberLinks();

    /** Members in the directory; -1 where it does not answer within a second. */
    int getRegisteredMembers();

    /** Key requests. */
    long getRequests();

    /** Key requests granted. */
    long getGrants();

    /** Refusals by reason. */
    Map<String, Long> getRefusals();

    /** Connections that failed to authenticate. */
    long getFailedHandshakes();

    /** Connections closed because there were too many. */
    long getLinksTurnedAway();

    /** Associations installed at members unasked. */
    long getInstalls();

    /** Associations a member did not install, or not in time. */
    long getFailedInstalls();

    /** Pair keys this server made. */
    long getKeysCreated();

    /** Generations allocated for members connected here. */
    long getGenerationsAllocated();

    /** Half of the newest changes were stored within this time, µs. */
    long getJournalMedianMicros();

    /** 99 of 100 were, µs. */
    long getJournal99PercentMicros();

    /** Name of the key server that holds the pair's key now; empty where none answers within three seconds. */
    String locatePair(String memberA, String memberB);
}
