package org.pairspan.kms.observe;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import org.pairspan.protocol.keyservice.Refusal;

/** What this server counts since its start. Safe for use by several threads. */
public final class ServiceCounters {

    /** Connections of members that are open now. */
    public final LongAdder openLinks = new LongAdder();
    /** Of these, registered ones. */
    public final LongAdder registeredLinks = new LongAdder();
    /** Connections closed unheard because there were too many. */
    public final LongAdder linksTurnedAway = new LongAdder();
    /** Connections that ended before they were authenticated. */
    public final LongAdder failedHandshakes = new LongAdder();
    /** Key requests read. */
    public final LongAdder requests = new LongAdder();
    /** Key requests granted. */
    public final LongAdder grants = new LongAdder();
    /** Associations that members were sent unasked and installed. */
    public final LongAdder installs = new LongAdder();
    /** Those they did not install, or not in time. */
    public final LongAdder failedInstalls = new LongAdder();
    /** Times to store a new pair key; their count is the number of keys created. */
    public final LatencyRecorder keysStored = new LatencyRecorder();
    /** Times to store a change of an association. */
    public final LatencyRecorder associationsStored = new LatencyRecorder();
    /** Generations allocated for requests of this server's links. */
    public final LongAdder generations = new LongAdder();

    private final Map<Refusal.Reason, LongAdder> refusals = new EnumMap<>(Refusal.Reason.class);

    public ServiceCounters() {
        for (Refusal.Reason reason : Refusal.Reason.values()) {
            refusals.put(reason, new LongAdder());
        }
    }

    /** Counts a refusal. */
    public void refused(Refusal.Reason reason) {
        refusals.get(reason).increment();
    }

    /** Refusals by reason; reasons that never came up are left out. */
    public Map<String, Long> refusals() {
        Map<String, Long> counts = new TreeMap<>();
        refusals.forEach((reason, count) -> {
            if (count.sum() > 0) {
                counts.put(reason.name(), count.sum());
            }
        });
        return counts;
    }
}
