package org.pairspan.cli.service;

import java.nio.file.Path;
import org.pairspan.node.app.TunnelNode;
import picocli.CommandLine.Command;

/** Runs a tunnel node. */
@Command(name = "node",
    description = "Runs a tunnel node in the foreground: takes a site's traffic, protects it under pair keys, and carries it to the peers.",
    mixinStandardHelpOptions = true,
    subcommands = EnrolCommand.class,
    footerHeading = "%nExamples:%n",
    footer = {
        "  sudo pairspan node --config /etc/pairspan/site-a.conf",
        "  PAIRSPAN_LOG=DEBUG pairspan node --config site-a.conf",
        "",
        "A tun device needs root or CAP_NET_ADMIN. conf/node-reference.conf explains every setting."})
public final class NodeCommand extends ServiceCommand {
    @Override
    Running start(Path configuration) {
        TunnelNode node = TunnelNode.start(configuration, System.out::println);
        return new Running(node, node.ended());
    }
}
