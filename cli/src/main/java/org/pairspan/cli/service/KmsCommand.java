package org.pairspan.cli.service;

import java.nio.file.Path;
import org.pairspan.kms.app.KeyServer;
import picocli.CommandLine.Command;

/** Runs a key server. */
@Command(name = "kms",
    description = "Runs a key server in the foreground: one of the cluster that makes, keeps and hands out pair keys.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
        "  pairspan kms --config /etc/pairspan/kms-1.conf",
        "  PAIRSPAN_LOG=DEBUG pairspan kms --config kms-1.conf",
        "",
        "conf/kms-reference.conf explains every setting."})
public final class KmsCommand extends ServiceCommand {
    @Override
    Running start(Path configuration) {
        KeyServer server = KeyServer.start(configuration, System.out::println);
        return new Running(server, server.whenTerminated());
    }
}
