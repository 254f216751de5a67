package org.pairspan.cli.lab;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Class data sharing for the processes of a laboratory that starts very many, where loading classes is a good part of the processor time of a start.
 * The first process of a program leaves an archive of what it has loaded, and every one after it maps that, as the launcher
 * has it for an installation. There is none unless the system property {@code pairspan.class-archives} names a folder for it, nor
 * where the programs are not in jars, which is what the JVM can archive.
 */
final class ClassArchive {

    private static final String FOLDER = System.getProperty("pairspan.class-archives");
    /** A JVM can't archive what comes from a folder, as a module's own tests do; the programs are not among them. */
    private static final String JARS = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> Files.isRegularFile(Path.of(entry))).collect(Collectors.joining(File.pathSeparator));
    private static final List<String> QUIET = List.of("-Xlog:cds*=off", "-Xlog:aot*=off");

    private final String prefix;
    /** Null where there is to be none. */
    private final Path file;

    /** @param program names the archive: each program loads classes of its own */
    ClassArchive(String program) {
        prefix = program + "-";
        file = FOLDER == null || !programsAreInJars() ? null : Path.of(FOLDER, prefix + Integer.toHexString(state().hashCode()) + ".jsa");
    }

    /** The class path of the processes. */
    String classPath() {
        return file == null ? System.getProperty("java.class.path") : JARS;
    }

    /** What a process of this program is started with. */
    List<String> options() {
        if (file == null) {
            return List.of();
        }
        final String option = Files.exists(file) ? "-XX:SharedArchiveFile=" + file : "-XX:+RecordDynamicDumpInfo";
        return Stream.concat(Stream.of(option), QUIET.stream()).toList();
    }

    /** Unless there is an archive, waits until a process of this program is ready, and makes one of what that has loaded; a second or two. */
    void makeOf(LabProcess process) throws IOException {
        if (file == null || Files.exists(file)) {
            return;
        }
        Deployment.awaitReady(process);
        Files.createDirectories(file.getParent());
        removeOutdated();
        final Path own = file.resolveSibling(file.getFileName() + "." + process.pid());
        final String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Command.succeed(jcmd, Long.toString(process.pid()), "VM.cds", "dynamic_dump", own.toString());
        // Another laboratory may have been quicker, with the same.
        Files.move(own, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Those of other jars; whoever maps one keeps it. */
    private void removeOutdated() throws IOException {
        try (Stream<Path> files = Files.list(file.getParent())) {
            for (final Path other : files.filter(this::isOutdated).toList()) {
                Files.deleteIfExists(other);
            }
        }
    }

    private boolean isOutdated(Path other) {
        final String name = other.getFileName().toString();
        return name.startsWith(prefix) && !name.startsWith(file.getFileName().toString());
    }

    private static boolean programsAreInJars() {
        return ClassArchive.class.getProtectionDomain().getCodeSource().getLocation().getPath().endsWith(".jar");
    }

    /** Changes with the JDK and any jar. */
    private static String state() {
        return System.getProperty("java.vm.version") + Stream.of(JARS.split(File.pathSeparator)).map(Path::of)
            .map(jar -> jar + " " + jar.toFile().length() + " " + jar.toFile().lastModified()).toList();
    }
}
