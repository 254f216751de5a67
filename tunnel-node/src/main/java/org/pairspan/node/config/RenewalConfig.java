package org.pairspan.node.config;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.pairspan.runtime.config.HostPort;
import org.pairspan.runtime.config.Settings;

/**
 * How the node's certificate is renewed.
 *
 * @param servers     enrolment ports of key servers, not resolved; empty where the node does not renew by itself
 * @param certificate replaced with each renewal
 * @param privateKey  replaced with each renewal
 */
public record RenewalConfig(List<InetSocketAddress> servers, Path certificate, Path privateKey, Path authority) {

    static RenewalConfig read(Settings identity) {
        return new RenewalConfig(identity.has("renewal-servers")
                ? identity.parsedList("renewal-servers", HostPort.RULE, HostPort::parse) : List.of(),
                identity.existingFile("certificate"), identity.existingFile("private-key"), identity.existingFile("authority"));
    }
}
