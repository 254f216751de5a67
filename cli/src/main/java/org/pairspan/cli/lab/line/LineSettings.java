package org.pairspan.cli.lab.line;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a line does to the frames that pass it, the same in both directions.
 *
 * @param delayNs one way, nanoseconds
 * @param loss share of the frames that get lost at random, 0 to 1
 * @param duplicate share that arrives twice, 0 to 1
 * @param reorder share that is held back for {@code reorderByNs}, so that later ones overtake it, 0 to 1
 * @param reorderByNs nanoseconds
 * @param bitsPerSecond capacity, Ethernet headers included; 0 is without limit
 * @param bufferBytes what waits for its turn where there is a capacity; what finds no room is lost (drop-tail)
 * @param mtu the largest IP packet; a larger one is lost and nobody is told
 */
public record LineSettings(long delayNs, double loss, double duplicate, double reorder, long reorderByNs, long bitsPerSecond, long bufferBytes, int mtu) {

    /** A line that changes nothing. */
    public static final LineSettings IDEAL = new LineSettings(0, 0, 0, 0, 1_000_000, 0, 1 << 20, 1500);

    private static final Pattern QUANTITY = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)(ms|us|s|k|M|G|)");

    /**
     * The same but for one setting.
     *
     * @param name {@code delay}, {@code loss}, {@code duplicate}, {@code reorder}, {@code reorder-by}, {@code rate}, {@code buffer} or {@code mtu}
     * @param value a number, for times with {@code s}, {@code ms} or {@code us} behind it, for rates and sizes with {@code k}, {@code M} or {@code G}
     *     (thousands)
     * @throws IllegalArgumentException when there is no such setting or it can't have that value
     */
    public LineSettings with(String name, String value) {
        final double number = quantity(value);
        return switch (name) {
            case "delay" -> new LineSettings(Math.round(number * 1e9), loss, duplicate, reorder, reorderByNs, bitsPerSecond, bufferBytes, mtu);
            case "loss" -> new LineSettings(delayNs, share(number), duplicate, reorder, reorderByNs, bitsPerSecond, bufferBytes, mtu);
            case "duplicate" -> new LineSettings(delayNs, loss, share(number), reorder, reorderByNs, bitsPerSecond, bufferBytes, mtu);
            case "reorder" -> new LineSettings(delayNs, loss, duplicate, share(number), reorderByNs, bitsPerSecond, bufferBytes, mtu);
            case "reorder-by" -> new LineSettings(delayNs, loss, duplicate, reorder, Math.round(number * 1e9), bitsPerSecond, bufferBytes, mtu);
            case "rate" -> new LineSettings(delayNs, loss, duplicate, reorder, reorderByNs, Math.round(number), bufferBytes, mtu);
            case "buffer" -> new LineSettings(delayNs, loss, duplicate, reorder, reorderByNs, bitsPerSecond, Math.round(number), mtu);
            case "mtu" -> new LineSettings(delayNs, loss, duplicate, reorder, reorderByNs, bitsPerSecond, bufferBytes, (int) number);
            default -> throw new IllegalArgumentException("a line has no setting '" + name + "'");
        };
    }

    private static double share(double number) {
        if (number > 1) {
            throw new IllegalArgumentException("a share is 0 to 1, not " + number);
        }
        return number;
    }

    /** Times in seconds, everything else as it is. */
    private static double quantity(String text) {
        final Matcher matcher = QUANTITY.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text + "' is no number with s, ms, us, k, M or G behind it");
        }
        return Double.parseDouble(matcher.group(1)) * switch (matcher.group(2)) {
            case "ms" -> 1e-3;
            case "us" -> 1e-6;
            case "k" -> 1e3;
            case "M" -> 1e6;
            case "G" -> 1e9;
            default -> 1;
        };
    }
}
