package org.pairspan.cli.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a program's JVM has loaded and verified, kept in a file for the next JVMs that run it: they take less than half of the processor time to
 * start. The laboratory ends its processes in any way it likes, so the file is asked of a running one ({@code jcmd}) and not made at its end.
 */
final class ClassDataArchive {

    private static final Path JCMD = Path.of(System.getProperty("java.home"), "bin", "jcmd");

    private final Path file;

    /**
     * @param file where it is kept, once {@link #record} was called
     */
    ClassDataArchive(Path file) {
        this.file = file;
    }

    /** The JVM options given, and those to use it; or, while there is none, to be asked for it. */
    List<String> with(List<String> options) {
        final String use = Files.exists(file) ? "-XX:SharedArchiveFile=" + file : "-XX:+RecordDynamicDumpInfo";
        return Stream.concat(options.stream(), Stream.of(use, "-Xlog:cds*=off", "-Xlog:aot*=off")).toList();
    }

    /**
     * Makes the file from what a program has loaded by now; it stands still for about a second. Without a JDK's {@code jcmd} there is none.
     *
     * @param program started with options {@link #with} gave
     */
    void record(LabProcess program) {
        if (Files.isExecutable(JCMD)) {
            Command.succeed(JCMD.toString(), Long.toString(program.pid()), "VM.cds", "dynamic_dump", file.toString());
        }
    }
}
