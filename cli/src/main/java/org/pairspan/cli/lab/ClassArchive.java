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
 * Class data sharing for the processes of a laboratory that starts very many: more than half of the processor time of a start is the loading of
 * classes. The first process of a program leaves an archive of what it has loaded, and every one after it maps that, as the launcher
 * has it for an installation. There is none unless the system property {@code pairspan.class-archives} names a folder for it, nor
 * where the programs are not in jars, which is what the JVM can archive.
 */
final class ClassArchive {

    private static final String FOLDER = System.getProperty("pairspan.class-archives");
    /** A JVM can't archive what comes from a folder, as a module's own tests do; the programs are not among them. */
    private static final String JARS = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> Files.isRegularFile(Path.of(entry))).collect(Collectors.joining(File.pathSeparator));
    private static final List<String> QUIET = List.of("-Xlog:cds*=off", "-Xlog:aot*=off");

    private final Path file;

    /** @param program names the archive: each program loads classes of its own */
    ClassArchive(String program) {
        file = FOLDER == null || !programsAreInJars() ? null : Path.of(FOLDER, program + "-" + Integer.toHexString(state().hashCode()) + ".jsa");
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
        return Stream.concat(Stream.of(Files.exists(file) ? "-XX:SharedArchiveFile=" + file : "-XX:+RecordDynamicDumpInfo"), QUIET.stream()).toList();
    }

    /** Unless there is an archive, waits until a process of this program is ready, and makes one of what that has loaded; a second or two. */
    void makeOf(LabProcess process) throws IOException {
        if (file == null || Files.exists(file)) {
            return;
        }
        Deployment.awaitReady(process);
        Files.createDirectories(file.getParent());
        final Path own = file.resolveSibling(file.getFileName() + "." + process.pid());
        Command.succeed(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), Long.toString(process.pid()), "VM.cds", "dynamic_dump", own.toString());
        // Another laboratory may have been quicker, with the same.
        Files.move(own, file, StandardCopyOption.ATOMIC_MOVE);
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
