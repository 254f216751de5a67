package org.pairspan.cli.ctl;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.pairspan.cli.failure.CommandFailure;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/**
 * Finds the key server a command is for, and calls operations of its beans. For {@code @Mixin} in a command. Whatever fails or is refused is a
 * {@link CommandFailure} (exit code 1) with its message.
 *
 * <pre>
 * &#64;Mixin
 * private KeyServerOption server;
 * ...
 * String outcome = server.call(MembersMXBean.class, (members, operator) -> members.revoke(operator, id));
 * </pre>
 */
final class KeyServerOption {
    private static final String KIND = "kms";

    @Option(names = "--pid", paramLabel = "PID", description = "the key server's process, of whichever user (default: the only one of this user on this machine)")
    private Long pid;

    @Option(names = "--name", paramLabel = "NAME", description = "the key server's name (default: the only one of this user on this machine)")
    private String name;

    @Spec(Target.MIXEE)
    private CommandSpec spec;

    /**
     * Calls a bean of the key server.
     *
     * @param type its interface; {@code KeyUpdatesMXBean} is registered as {@code org.pairspan:type=KeyUpdates,name=<server>}
     * @param call gets the bean and the operator's name, which administrative operations take as their first argument
     */
    <B, R> R call(Class<B> type, BiFunction<B, String, R> call) {
        List<Program> candidates = candidates();
        List<String> unreachable = new ArrayList<>();
        for (Program program : candidates) {
            try (ProgramConnection connection = ProgramConnection.to(program.pid(), pid != null)) {
                Optional<B> bean = connection.bean(type, name);
                if (bean.isPresent()) {
                    return Operation.run(() -> call.apply(bean.get(), OperatorName.current()));
                }
            } catch (CommandFailure e) {
                if (name == null || e instanceof Operation.Failed) {
                    throw e;
                }
                unreachable.add(e.getMessage());
            } catch (IOException e) {
                throw new CommandFailure("the connection to process " + program.pid() + " does not close: " + e.getMessage(), e);
            }
        }
        throw notFound(type, unreachable);
    }

    /** As {@link #call}, and prints what it returns, a line each. */
    <B> void print(Class<B> type, BiFunction<B, String, List<String>> call) {
        call(type, call).forEach(spec.commandLine().getOut()::println);
    }

    private List<Program> candidates() {
        ProcessOwner owner = ProcessOwner.ofThisSystem();
        List<Program> all = Program.running().stream()
            .filter(program -> program.kind().equals(KIND) && (pid == null || program.pid() == pid)).toList();
        List<Program> candidates = all.stream().filter(program -> pid != null || owner.isOwn(program.pid())).toList();
        if (candidates.isEmpty()) {
            all.forEach(program -> owner.requireOwn(program.pid()));
            throw new CommandFailure(pid == null ? "no key server of this user runs on this machine"
                : "process " + pid + " is no key server of this user; 'pairspan ctl list' shows those");
        }
        if (candidates.size() > 1 && name == null) {
            throw new CommandFailure(candidates.size() + " key servers of this user run on this machine; choose one with --name or --pid. "
                + "'pairspan ctl list' shows them");
        }
        return candidates;
    }

    private CommandFailure notFound(Class<?> type, List<String> unreachable) {
        if (name == null) {
            return new CommandFailure("the key server has no operations '" + ProgramConnection.beanType(type)
                + "'; it is still starting, or of another version than this command");
        }
        return new CommandFailure("no key server '" + name + "' with operations '" + ProgramConnection.beanType(type)
            + "' can be reached; 'pairspan ctl list' shows what runs" + (unreachable.isEmpty() ? "" : ". " + String.join(". ", unreachable)));
    }
}
