package org.pairspan.cli.ctl;

import com.sun.tools.attach.VirtualMachine;
import com.sun.tools.attach.VirtualMachineDescriptor;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A running key server or node of this user on this machine.
 *
 * @param pid its process
 * @param kind {@code kms} or {@code node}
 * @param arguments what it was started with, after the kind
 */
record Program(long pid, String kind, String arguments) {
    private static final String MAIN = "org.pairspan.cli.Main ";
    private static final Set<String> KINDS = Set.of("kms", "node");

    /** Those that run now, by process number. */
    static List<Program> running() {
        return VirtualMachine.list().stream().map(Program::of).flatMap(Optional::stream).sorted(Comparator.comparingLong(Program::pid)).toList();
    }

    /** When it started, if the system tells. */
    Optional<Instant> started() {
        return ProcessHandle.of(pid).flatMap(process -> process.info().startInstant());
    }

    private static Optional<Program> of(VirtualMachineDescriptor descriptor) {
        String command = descriptor.displayName();
        if (!command.startsWith(MAIN)) {
            return Optional.empty();
        }
        String[] words = command.substring(MAIN.length()).split(" ", 2);
        return KINDS.contains(words[0])
            ? Optional.of(new Program(Long.parseLong(descriptor.id()), words[0], words.length > 1 ? words[1] : "")) : Optional.empty();
    }
}
