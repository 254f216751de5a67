package org.pairspan.cli;

import org.pairspan.cli.ctl.CtlCommand;
import org.pairspan.cli.demo.DemoCommand;
import org.pairspan.cli.failure.FailureReport;
import org.pairspan.cli.pki.PkiCommand;
import org.pairspan.cli.service.KmsCommand;
import org.pairspan.cli.service.NodeCommand;
import org.pairspan.runtime.logging.ProgramLog;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Entry point of the {@code pairspan} command. */
@Command(name = "pairspan",
    description = "A key of its own for every pair of sites, and the tunnels that carry their traffic under it.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {DemoCommand.class, KmsCommand.class, NodeCommand.class, PkiCommand.class, CtlCommand.class},
    footerHeading = "%nEnvironment:%n",
    footer = {
        "  PAIRSPAN_LOG        log level: ERROR, WARN, INFO (default), DEBUG, TRACE",
        "  PAIRSPAN_JAVA_OPTS  further options for the JVM",
        "",
        "'pairspan COMMAND --help' explains a command, with examples."})
public final class Main implements Runnable {
    @Spec
    private CommandSpec spec;

    /** Runs one command and ends the JVM with its exit code. */
    public static void main(String[] arguments) {
        ProgramLog.setUp();
        System.exit(commandLine().execute(arguments));
    }

    /** The whole command, ready to execute. */
    static CommandLine commandLine() {
        return new CommandLine(new Main()).setExecutionExceptionHandler(new FailureReport()).setCaseInsensitiveEnumValuesAllowed(true);
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getErr());
        throw new CommandLine.ParameterException(spec.commandLine(), "Missing command");
    }
}
