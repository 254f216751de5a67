package org.pairspan.cli.lab.line;

import org.pairspan.cli.lab.Deployment;
import org.pairspan.cli.lab.JavaCommand;
import org.pairspan.cli.lab.LabProcess;
import org.pairspan.cli.lab.LineEnds;
import org.pairspan.cli.lab.ManagementClient;
import org.pairspan.cli.lab.NetworkLab;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A line between two sites, carried by a {@link LineRelay} in a process of its own. Without it nothing passes between them. */
public final class LongLine implements AutoCloseable {

    private static final List<String> JVM = List.of("-Xmx64m", "-XX:+UseSerialGC");
    private static final List<LineCounter> SPOILING = List.of(LineCounter.NO_ROOM, LineCounter.REFUSED, LineCounter.MISSED);

    private final LabProcess process;
    private final ManagementClient management;

    private LongLine(LabProcess process, ManagementClient management) {
        this.process = process;
        this.management = management;
    }

    /**
     * Starts the line and waits until it carries frames.
     *
     * @param logs folder for its output
     * @param settings as {@code delay=10ms}, see {@link LineRelay}
     */
    public static LongLine start(NetworkLab lab, LineEnds ends, Path logs, String... settings) {
        final List<String> arguments = new ArrayList<>(List.of(LineEnds.LEFT, LineEnds.RIGHT));
        arguments.addAll(Arrays.asList(settings));
        final LabProcess process = lab.closing(LabProcess.start(ends.middle(), ends.middle().role(), logs,
            JavaCommand.of(JVM, LineRelay.class.getName(), arguments)));
        process.awaitLine("line ready: ", Deployment.START_LIMIT);
        return new LongLine(process, new ManagementClient(ends.middle(), process));
    }

    /** Changes one setting from the next frame on, see {@link LineSettings#with}. */
    public void set(String name, String value) {
        management.invoke("type=Line", "set", name, value);
    }

    /** Makes it a line that changes nothing. */
    public void restore() {
        management.invoke("type=Line", "restore");
    }

    /** Frames from left to right, by what became of them. */
    public long forth(LineCounter counter) {
        return count("Forth", counter);
    }

    /** Frames from right to left, by what became of them. */
    public long back(LineCounter counter) {
        return count("Back", counter);
    }

    /** Frames that were lost because this machine was too slow for the line, not because the line was asked to lose them. */
    public long spoiled() {
        return SPOILING.stream().mapToLong(counter -> forth(counter) + back(counter)).sum();
    }

    @Override
    public void close() {
        process.close();
    }

    private long count(String direction, LineCounter counter) {
        final Map<?, ?> counts = (Map<?, ?>) management.read("type=Line").values().iterator().next().get(direction);
        return (Long) counts.get(counter.name());
    }

    @Override
    public String toString() {
        return management.read("type=Line").toString();
    }
}
