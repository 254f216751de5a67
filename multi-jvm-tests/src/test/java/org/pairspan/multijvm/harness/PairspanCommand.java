package org.pairspan.multijvm.harness;

import org.pairspan.cli.lab.JavaCommand;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The command line of {@code pairspan} with what an operator types behind it, for a JVM that lives for seconds. */
public final class PairspanCommand {

    private static final List<String> JVM = List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private PairspanCommand() {
    }

    /** Runs in a JVM with further options. Whatever is asked for, most of its classes are those of a key server. */
    public static List<String> of(List<String> further, List<String> arguments) throws IOException {
        final List<String> options = new ArrayList<>(JVM);
        options.addAll(further);
        options.addAll(ClassData.archives().options("kms"));
        return JavaCommand.of(options, "org.pairspan.cli.Main", arguments);
    }

    /** Without further options. */
    public static List<String> of(List<String> arguments) throws IOException {
        return of(List.of(), arguments);
    }
}
