package org.pairspan.node.policy;

/**
 * Ports of a transport protocol, both ends included.
 *
 * @param from 0 to 65535.
 * @param to   {@code from} to 65535.
 */
public record PortRange(int from, int to) {
    private static final int LARGEST = 65_535;
    private static final String FORM = "[0-9]{1,5}(-[0-9]{1,5})?";

    /** @throws IllegalArgumentException when it is no range. */
    public PortRange {
        if (from < 0 || to < from || to > LARGEST) {
            throw new IllegalArgumentException(from + "-" + to + " is no range within 0-" + LARGEST);
        }
    }

    /**
     * Reads {@code 443} or {@code 8000-8999}.
     *
     * @throws IllegalArgumentException when it is neither.
     */
    public static PortRange parse(String text) {
        if (!text.matches(FORM)) {
            throw new IllegalArgumentException("'" + text + "' is neither a port nor two with a dash between them");
        }
        int dash = text.indexOf('-');
        return dash < 0 ? new PortRange(Integer.parseInt(text), Integer.parseInt(text))
                : new PortRange(Integer.parseInt(text.substring(0, dash)), Integer.parseInt(text.substring(dash + 1)));
    }

    @Override
    public String toString() {
        return from == to ? Integer.toString(from) : from + "-" + to;
    }
}
