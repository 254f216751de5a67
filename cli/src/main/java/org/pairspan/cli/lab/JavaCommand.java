package org.pairspan.cli.lab;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line of a child JVM: this JVM's own Java, class path and library flags, with options of its own. */
public final class JavaCommand {

    private static final List<String> INHERITED = List.of("--add-opens", "--enable-native-access", "--sun-misc-unsafe-memory-access");

    private JavaCommand() {
    }

    /** A JVM that starts {@code mainClass}. */
    public static List<String> of(List<String> jvmOptions, String mainClass, List<String> arguments) {
        final List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(argument -> INHERITED.stream().anyMatch(argument::startsWith))
            .forEach(command::add);
        command.addAll(jvmOptions);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(mainClass);
        command.addAll(arguments);
        return command;
    }
}
