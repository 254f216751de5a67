package org.pairspan.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.tukaani.xz.XZInputStream;

/**
 * Where PostgreSQL's programs are. The distribution's newest ones are taken where it has any; otherwise those of the class path, unpacked
 * into a folder that lives as long as this JVM. {@code -Dpairspan.postgres.programs=FOLDER} names others, {@code maven} the class path's.
 */
public final class PostgresPrograms {

    private static final String PROPERTY = "pairspan.postgres.programs";
    private static final Path DEBIAN = Path.of("/usr/lib/postgresql");

    private static Path unpacked;

    private PostgresPrograms() {
    }

    /** The folder with {@code initdb} and {@code postgres}. */
    public static Path folder() {
        String named = System.getProperty(PROPERTY);
        if ("maven".equals(named)) {
            return unpacked();
        }
        return named == null ? installed().orElseGet(PostgresPrograms::unpacked) : Path.of(named);
    }

    private static Optional<Path> installed() {
        if (!Files.isDirectory(DEBIAN)) {
            return Optional.empty();
        }
        try (Stream<Path> versions = Files.list(DEBIAN)) {
            return versions.filter(version -> Files.isExecutable(version.resolve("bin/postgres")) && Files.isExecutable(version.resolve("bin/initdb")))
                    .max(Comparator.comparingInt(version -> Integer.parseInt(version.getFileName().toString())))
                    .map(version -> version.resolve("bin"));
        } catch (IOException e) {
            throw new UncheckedIOException("could not list " + DEBIAN, e);
        }
    }

    private static synchronized Path unpacked() {
        if (unpacked == null) {
            try {
                Path folder = Files.createTempDirectory("pairspan-postgres-");
                Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
                // Not only for this user: root runs the server as another one.
                Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
                unpack(folder);
                unpacked = folder.resolve("bin");
            } catch (IOException e) {
                throw new UncheckedIOException("could not unpack PostgreSQL", e);
            }
        }
        return unpacked;
    }

    private static void unpack(Path folder) throws IOException {
        String machine = System.getProperty("os.arch");
        String name = "/postgres-linux-" + (machine.equals("aarch64") ? "arm_64" : "x86_64") + ".txz";
        Process tar = new ProcessBuilder("tar", "-x", "-C", folder.toString()).inheritIO().redirectInput(ProcessBuilder.Redirect.PIPE).start();
        try (InputStream resource = PostgresPrograms.class.getResourceAsStream(name)) {
            if (resource == null) {
                throw new PostgresException("there is no PostgreSQL for " + machine + " on the class path, and none in " + DEBIAN);
            }
            try (XZInputStream archive = new XZInputStream(resource); OutputStream input = tar.getOutputStream()) {
                archive.transferTo(input);
            }
            if (tar.waitFor() != 0) {
                throw new PostgresException("tar could not unpack " + name);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PostgresException("interrupted while unpacking " + name, e);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("could not delete " + folder, e);
        }
    }
}
