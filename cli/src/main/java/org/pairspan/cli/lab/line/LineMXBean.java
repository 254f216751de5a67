package org.pairspan.cli.lab.line;

import java.util.Map;

/** A running line. */
public interface LineMXBean {
    /** What became of the frames from the first interface to the second, by {@link LineCounter}. */
    Map<String, Long> getForth();

    /** The other direction. */
    Map<String, Long> getBack();

    /** All settings. */
    String getSettings();

    /** Changes one setting from the next frame on, see {@link LineSettings#with}. */
    void set(String name, String value);

    /** Makes it a line that changes nothing. */
    void restore();
}
