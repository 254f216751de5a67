package org.pairspan.runtime.pki;

import java.util.regex.Pattern;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.util.IPAddress;

/** Where a server is reached, as its certificate says it (RFC 5280 section 4.2.1.6). */
final class HostName {
    private static final Pattern DNS = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*");
    private static final int MAX_DNS = 253;

    private HostName() {
    }

    /** @throws IllegalArgumentException when it is neither a DNS name nor an IP address */
    static GeneralName of(String host) {
        if (IPAddress.isValid(host)) {
            return new GeneralName(GeneralName.iPAddress, host);
        }
        if (host.length() > MAX_DNS || !DNS.matcher(host).matches()) {
            throw new IllegalArgumentException("'" + host + "' is neither a host name nor an IP address");
        }
        return new GeneralName(GeneralName.dNSName, host);
    }
}
