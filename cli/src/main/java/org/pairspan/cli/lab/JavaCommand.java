package org.pairspan.cli.lab;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

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
        command.add(classPath());
        command.add(mainClass);
        command.addAll(arguments);
        return command;
    }

    /** Of jars alone where Pairspan itself is in jars: a folder (of tests) keeps a JVM from sharing class data. */
    private static String classPath() {
        final String all = System.getProperty("java.class.path");
        final List<String> jars = Stream.of(all.split(File.pathSeparator)).filter(entry -> entry.endsWith(".jar")).toList();
        final String own = Path.of(JavaCommand.class.getProtectionDomain().getCodeSource().getLocation().getPath()).toString();
        return jars.contains(own) ? String.join(File.pathSeparator, jars) : all;
    }
}
