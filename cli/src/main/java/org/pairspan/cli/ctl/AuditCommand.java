package org.pairspan.cli.ctl;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Parent of the commands for audit logs. */
@Command(name = "audit",
    description = "Verifies and shows audit logs of key servers, from their files: no key server needs to run.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {AuditVerifyCommand.class, AuditShowCommand.class},
    footerHeading = "%nExamples:%n",
    footer = {
        "  pairspan ctl audit verify audit-kms-1.jsonl* --certificate ca.crt",
        "  pairspan ctl audit show audit-kms-1.jsonl --member site-a --since 2026-01-31T00:00:00Z"})
final class AuditCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Missing command: verify or show");
    }
}
