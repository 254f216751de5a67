package org.pairspan.cli.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Archives of class data in one folder, one for each program, by which its next start need not read and verify its classes again: what the
 * launcher of the distribution keeps, too. They serve the jars that they were written with; with others the JVM does as if there were none.
 */
public final class ClassDataArchives {

    /** A JVM that can make no use of an archive need not say so. */
    private static final List<String> SILENT = List.of("-Xlog:cds*=off", "-Xlog:aot*=off");

    private final Path folder;
    private final boolean written;

    private ClassDataArchives(Path folder, boolean written) {
        this.folder = folder;
        this.written = written;
    }

    /** Those that a folder has. */
    public static ClassDataArchives in(Path folder) {
        return new ClassDataArchives(folder.toAbsolutePath(), false);
    }

    /** Has each program write its archive into a folder when it is asked to end. */
    public static ClassDataArchives writtenTo(Path folder) throws IOException {
        return new ClassDataArchives(Files.createDirectories(folder).toAbsolutePath(), true);
    }

    /** Options of a JVM that runs a program, {@code kms} or {@code node}. */
    public List<String> options(String program) {
        final Path archive = folder.resolve(program + ".jsa");
        final List<String> options = new ArrayList<>(SILENT);
        if (written) {
            options.addAll(List.of("-XX:+RecordDynamicDumpInfo", "-Dpairspan.class-data=" + archive));
        } else if (Files.exists(archive)) {
            options.add("-XX:SharedArchiveFile=" + archive);
        }
        return options;
    }
}
