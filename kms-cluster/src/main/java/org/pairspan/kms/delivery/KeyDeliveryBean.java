package org.pairspan.kms.delivery;

/** Answers JMX from what is counted. */
final class KeyDeliveryBean implements KeyDeliveryMXBean {

    private final String address;
    private final DeliveryCounters counters;

    KeyDeliveryBean(String address, DeliveryCounters counters) {
        this.address = address;
        this.counters = counters;
    }

    @Override
    public String getAddress() {
        return address;
    }

    @Override
    public long getConnections() {
        return counters.connections.sum();
    }

    @Override
    public long getConnectionsTurnedAway() {
        return counters.turnedAway.sum();
    }

    @Override
    public long getFailedHandshakes() {
        return counters.failedHandshakes.sum();
    }

    @Override
    public long getRequests() {
        return counters.requests.sum();
    }

    @Override
    public long getKeysToMasters() {
        return counters.toMasters.sum();
    }

    @Override
    public long getKeysToSlaves() {
        return counters.toSlaves.sum();
    }

    @Override
    public long getRedeliveries() {
        return counters.again.sum();
    }

    @Override
    public long getBadRequests() {
        return counters.badRequests.sum();
    }

    @Override
    public long getUnauthorized() {
        return counters.unauthorized.sum();
    }

    @Override
    public long getUnavailable() {
        return counters.unavailable.sum();
    }
}
