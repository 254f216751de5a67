package org.pairspan.cli.ctl;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.pairspan.cli.failure.CommandFailure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows what running programs know about themselves. */
@Command(name = "status",
    description = "Shows the state of running key servers and nodes: links, pairs, keys, traffic, drops by reason.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
        "  pairspan ctl status",
        "  pairspan ctl status --name kms-1",
        "  pairspan ctl status --name site-a --peer site-b",
        "  nsenter --target 4711 --net pairspan ctl status --pid 4711"})
final class StatusCommand implements Callable<Integer> {
    @Option(names = "--pid", paramLabel = "PID", description = "the one process to look at, of whichever user (default: all of this user)")
    private Long pid;

    @Option(names = "--name", paramLabel = "NAME", description = "the one key server or node to look at (default: all of this user)")
    private String name;

    @Option(names = "--peer", paramLabel = "NAME", description = "the one peer to look at, in detail (default: everything)")
    private String peer;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        List<Program> programs = Program.running().stream().filter(program -> pid == null || program.pid() == pid).toList();
        if (programs.isEmpty()) {
            throw new CommandFailure(pid == null ? "no key server or node of this user runs on this machine"
                : "process " + pid + " is no key server or node of this user; 'pairspan ctl list' shows those");
        }
        if (name != null) {
            return showNamed(programs);
        }
        int failed = 0;
        for (Program program : programs) {
            failed += show(program) ? 0 : 1;
        }
        return failed == 0 ? 0 : 1;
    }

    private int showNamed(List<Program> programs) throws IOException {
        List<String> unreachable = new ArrayList<>();
        for (Program program : programs) {
            List<Bean> beans = List.of();
            try (ProgramConnection connection = ProgramConnection.to(program.pid(), pid != null)) {
                beans = connection.beans();
            } catch (CommandFailure e) {
                unreachable.add(e.getMessage());
            }
            if (beans.stream().anyMatch(bean -> !bean.type().equals(StatusView.PEER) && bean.name().equals(name))) {
                print(program, peer == null ? beans : onlyPeer(beans));
                return 0;
            }
        }
        unreachable.addFirst("no key server or node '" + name + "' can be reached; 'pairspan ctl list' shows what runs");
        throw new CommandFailure(String.join(". ", unreachable));
    }

    private List<Bean> onlyPeer(List<Bean> beans) {
        List<Bean> one = beans.stream().filter(bean -> bean.type().equals(StatusView.PEER) && bean.name().equals(peer)).toList();
        if (one.isEmpty()) {
            throw new CommandFailure("it has no tunnel to a peer '" + peer + "' now");
        }
        return one;
    }

    private boolean show(Program program) throws IOException {
        try (ProgramConnection connection = ProgramConnection.to(program.pid(), pid != null)) {
            print(program, peer == null ? connection.beans() : onlyPeer(connection.beans()));
            return true;
        } catch (CommandFailure e) {
            print(program, e.getMessage());
            return false;
        }
    }

    private void print(Program program, List<Bean> beans) {
        print(program, StatusView.render(beans));
    }

    private void print(Program program, String text) {
        PrintWriter out = spec.commandLine().getOut();
        out.println("== " + program.kind() + ", process " + program.pid() + " " + program.arguments());
        out.println(text);
        out.println();
        out.flush();
    }
}
