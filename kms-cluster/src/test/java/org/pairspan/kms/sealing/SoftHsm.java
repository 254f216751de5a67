package org.pairspan.kms.sealing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A token of SoftHSM2 in a folder of its own, one for this process: the library looks for tokens once. */
public final class SoftHsm {

    private static final List<Path> LIBRARIES = Stream.of("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/pkcs11/libsofthsm2.so",
            "/usr/lib64/softhsm/libsofthsm2.so", "/usr/local/lib/softhsm/libsofthsm2.so").map(Path::of).toList();
    private static final String PIN = "87654321";
    private static Path folder;
    private static Long slot;

    private SoftHsm() {
    }

    /** A token with a PIN and without a key of this label; skips the test where SoftHSM2 is not installed. */
    public static synchronized TokenSettings token(String keyLabel) throws Exception {
        Path library = LIBRARIES.stream().filter(Files::isReadable).findFirst().orElse(null);
        assumeTrue(library != null, "SoftHSM2 is not installed: apt-get install softhsm2");
        if (folder == null) {
            // Beside what the build makes: a test that is killed removes nothing.
            folder = Files.createTempDirectory(Files.createDirectories(Path.of("target").toAbsolutePath()), "pairspan-softhsm-");
            Runtime.getRuntime().addShutdownHook(new Thread(SoftHsm::remove));
            make();
        }
        return new TokenSettings(library, slot, keyLabel, folder.resolve("pin"));
    }

    private static void make() throws Exception {
        Files.createDirectory(folder.resolve("tokens"));
        Files.writeString(folder.resolve("softhsm2.conf"),
                "directories.tokendir = " + folder.resolve("tokens") + "\nobjectstore.backend = file\nlog.level = ERROR\n");
        setEnvironment("SOFTHSM2_CONF", folder.resolve("softhsm2.conf").toString());
        String said = run("--init-token", "--free", "--label", "pairspan", "--so-pin", "12345678", "--pin", PIN);
        slot = Long.valueOf(said.replaceAll("(?s).*reassigned to slot (\\d+).*", "$1"));
        Files.writeString(folder.resolve("pin"), PIN + "\n");
        Files.setPosixFilePermissions(folder.resolve("pin"), PosixFilePermissions.fromString("rw-------"));
    }

    private static String run(String... arguments) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(Stream.concat(Stream.of("softhsm2-util"), Stream.of(arguments)).toList());
        builder.environment().put("SOFTHSM2_CONF", folder.resolve("softhsm2.conf").toString());
        Process process = builder.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IOException("softhsm2-util: " + said);
        }
        return said;
    }

    /** For the library, which asks the C library: Java's own map of the environment is a copy. */
    private static void setEnvironment(String name, String value) throws Exception {
        Linker linker = Linker.nativeLinker();
        try (Arena arena = Arena.ofConfined()) {
            int failed = (int) linker.downcallHandle(linker.defaultLookup().find("setenv").orElseThrow(),
                    FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT))
                    .invoke(arena.allocateFrom(name), arena.allocateFrom(value), 1);
            if (failed != 0) {
                throw new IllegalStateException("setenv " + name);
            }
        } catch (Exception e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("setenv " + name, e);
        }
    }

    private static void remove() {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
