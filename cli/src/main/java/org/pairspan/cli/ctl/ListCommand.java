package org.pairspan.cli.ctl;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.HorizontalAlign;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Lists what runs. */
@Command(name = "list",
    description = "Lists the key servers and nodes of this user on this machine.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExample:%n",
    footer = "  pairspan ctl list")
final class ListCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        List<Program> running = Program.running();
        spec.commandLine().getOut().println(running.isEmpty() ? "no key server or node of this user runs on this machine"
            : AsciiTable.getTable(AsciiTable.NO_BORDERS, running, List.of(
                new Column().header("PID").dataAlign(HorizontalAlign.RIGHT).with(program -> Long.toString(program.pid())),
                new Column().header("PROGRAM").dataAlign(HorizontalAlign.LEFT).with(Program::kind),
                new Column().header("STARTED").dataAlign(HorizontalAlign.LEFT)
                    .with(program -> program.started().map(ListCommand::seconds).orElse("")),
                new Column().header("ARGUMENTS").dataAlign(HorizontalAlign.LEFT).maxWidth(200).with(Program::arguments))));
        return 0;
    }

    private static String seconds(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
