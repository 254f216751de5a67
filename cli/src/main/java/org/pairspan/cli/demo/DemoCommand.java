package org.pairspan.cli.demo;

import org.pairspan.cli.lab.JavaCommand;
import org.pairspan.cli.lab.LabAccess;
import org.pairspan.protocol.crypto.Suite;
import org.pairspan.runtime.certificate.KeyKind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * {@code pairspan demo}. Runs in network namespaces where this process may make them, as it is or inside a user namespace of its own
 * (it starts itself again there); otherwise over loopback with devices in memory.
 */
@Command(name = "demo",
    description = {
        "Shows the whole system at work on this machine, in less than two minutes.",
        "Three key servers, two sites, a file through the tunnel, a key server killed on the way. Nothing is left behind.",
        "Network namespaces of its own carry it: as root, or in an unprivileged user namespace where the system allows one."},
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
        "  pairspan demo",
        "  pairspan demo --suite sm4-gcm --keep"})
public final class DemoCommand implements Callable<Integer> {

    private static final String INSIDE = "pairspan.demo.inside-user-namespace";
    /** Where there is no libgcrypt, SM4 takes about twenty times as long as the processor's AES. */
    private static final int SM4_MEBIBYTES = 200;
    private static final int DEFAULT_MEBIBYTES = 400;
    private static final int LARGEST_MEBIBYTES = 8192;

    @Spec
    private CommandSpec spec;

    @Option(names = "--suite", paramLabel = "SUITE", defaultValue = "aes-256-gcm", converter = SuiteConverter.class,
        description = "What protects the traffic: aes-256-gcm (default), chacha20-poly1305 or sm4-gcm.")
    private Suite suite;

    @Option(names = "--certificates", paramLabel = "KIND", defaultValue = "sm2", converter = KeyKindConverter.class,
        description = "Kind of all certificates: sm2 (default; TLS with SM4, RFC 8998), ecdsa-p256 (or ecdsa) or ecdsa-p384.")
    private KeyKind certificates;

    @Option(names = "--size", paramLabel = "MIB", description = "Size of the file in MiB; 400, with sm4-gcm 200, unless given.")
    private Integer mebibytes;

    @Option(names = "--keep", description = "Keep the folder with the capture, the logs and the configuration files.")
    private boolean keep;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (mebibytes != null && (mebibytes < 1 || mebibytes > LARGEST_MEBIBYTES)) {
            throw new ParameterException(spec.commandLine(), "--size must be from 1 to " + LARGEST_MEBIBYTES + " MiB");
        }
        final int size = mebibytes != null ? mebibytes : suite == Suite.SM4_GCM ? SM4_MEBIBYTES : DEFAULT_MEBIBYTES;
        final DemoOptions options = new DemoOptions(suite, certificates, size, keep);
        final Narrator narrator = new Narrator(System.out, Ansi.AUTO);
        if (Boolean.getBoolean(INSIDE)) {
            return new NetworkDemo(options, narrator, "a user namespace of its own").run();
        }
        return switch (LabAccess.find()) {
            case DIRECT -> new NetworkDemo(options, narrator, "network namespaces, as root").run();
            case USER_NAMESPACE -> runInUserNamespace();
            case NONE -> new LoopbackDemo(options, narrator).run();
        };
    }

    /** The same demo, started again where it may do what it needs; the terminal is the same, and so is Ctrl-C. */
    private int runInUserNamespace() throws IOException, InterruptedException {
        final List<String> arguments = new ArrayList<>(List.of("demo", "--suite", suite.wireName(), "--certificates", certificates.word()));
        if (mebibytes != null) {
            arguments.addAll(List.of("--size", mebibytes.toString()));
        }
        if (keep) {
            arguments.add("--keep");
        }
        final List<String> command = JavaCommand.of(List.of("-D" + INSIDE + "=true"), spec.root().userObject().getClass().getName(), arguments);
        final Process inside = new ProcessBuilder(LabAccess.inUserNamespace(command)).inheritIO().start();
        // Ctrl-C reaches both; this one goes when the other has cleaned up.
        Runtime.getRuntime().addShutdownHook(new Thread(inside.onExit()::join, "wait-for-clean-up"));
        return inside.waitFor();
    }

    /** Turns a suite's name into the suite. */
    static final class SuiteConverter implements ITypeConverter<Suite> {
        @Override
        public Suite convert(String name) {
            try {
                return Suite.ofName(name);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    /** Turns a word into a kind of key; {@code ecdsa} is the smaller of the two. */
    static final class KeyKindConverter implements ITypeConverter<KeyKind> {
        @Override
        public KeyKind convert(String word) {
            final String whole = word.equals("ecdsa") ? KeyKind.ECDSA_P256.word() : word;
            return Arrays.stream(KeyKind.values()).filter(kind -> kind.word().equals(whole)).findFirst()
                .orElseThrow(() -> new TypeConversionException("'" + word + "' is none of sm2, ecdsa, ecdsa-p256, ecdsa-p384"));
        }
    }
}
