package org.pairspan.cli.lab;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
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

    /** Whether this code comes in a jar: then all that a child runs does. */
    public static boolean inJars() {
        return !Files.isDirectory(Path.of(URI.create(JavaCommand.class.getProtectionDomain().getCodeSource().getLocation().toString())));
    }

    /** Without folders, such as of tests, where they can be spared: with one, there is no archive of class data. */
    private static String classPath() {
        final String whole = System.getProperty("java.class.path");
        if (!inJars()) {
            return whole;
        }
        return Stream.of(whole.split(File.pathSeparator)).filter(entry -> !Files.isDirectory(Path.of(entry)))
            .collect(Collectors.joining(File.pathSeparator));
    }
}
