package org.pairspan.cli.ctl;

import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Amounts as people read them: with a unit that fits, and no more digits than mean something. */
final class Amounts {
    private static final String[] BINARY_UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    private static final double NS_PER_US = 1e3;
    private static final double NS_PER_MS = 1e6;
    private static final double NS_PER_S = 1e9;

    private Amounts() {
    }

    /** With separators between the thousands. */
    static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    static String bytes(long bytes) {
        int unit = 0;
        double scaled = bytes;
        while (scaled >= 1024 && unit < BINARY_UNITS.length - 1) {
            scaled /= 1024;
            unit++;
        }
        return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", scaled, BINARY_UNITS[unit]);
    }

    /** A time; what is negative is not known. */
    static String time(long ns) {
        if (ns < 0) {
            return "unknown";
        }
        if (ns < NS_PER_US) {
            return ns + " ns";
        }
        if (ns < NS_PER_MS) {
            return String.format(Locale.ROOT, "%.0f µs", ns / NS_PER_US);
        }
        if (ns < NS_PER_S) {
            return String.format(Locale.ROOT, ns < 100 * NS_PER_MS ? "%.2f ms" : "%.0f ms", ns / NS_PER_MS);
        }
        return longTime(ns);
    }

    private static String longTime(long ns) {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(ns);
        long minutes = seconds / 60;
        long hours = minutes / 60;
        if (minutes == 0) {
            return seconds < 10 ? String.format(Locale.ROOT, "%.1f s", ns / NS_PER_S) : seconds + " s";
        }
        if (hours == 0) {
            return minutes + " min " + seconds % 60 + " s";
        }
        return hours < 24 ? hours + " h " + minutes % 60 + " min" : hours / 24 + " d " + hours % 24 + " h";
    }
}
