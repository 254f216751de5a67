package org.pairspan.cli.ctl;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.pairspan.cli.pki.IdConverter;
import org.pairspan.cli.pki.PrefixConverter;
import org.pairspan.kms.enrolment.EnrolmentMXBean;
import org.pairspan.protocol.address.IpPrefix;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Makes a token for a member's first certificate. */
@Command(name = "enrol",
    description = "Makes a one-time token with which a node gets its first certificate ('pairspan node enrol'). Standard output carries the token and "
        + "nothing else; it is shown this once and stored nowhere. The key server needs an enrolment port.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
        "  pairspan ctl enrol site-a --prefix 10.1.0.0/16",
        "  pairspan ctl enrol router-a --no-prefix",
        "  (umask 077; pairspan ctl enrol site-b --prefix 10.2.0.0/16 --prefix 2001:db8:2::/48 --valid 2h --name kms-1 > site-b.token)"})
final class EnrolCommand implements Callable<Integer> {
    @Parameters(paramLabel = "ID", converter = IdConverter.class, description = "the member's id: a-z 0-9 . -, at most 63 characters")
    private String id;

    @ArgGroup(exclusive = true, multiplicity = "1")
    private Grant grant;

    /** What its certificate grants. */
    static final class Grant {
        @Option(names = "--prefix", paramLabel = "PREFIX", converter = PrefixConverter.class, required = true,
            description = "an IPv4 or IPv6 prefix behind this member, which no other has; repeat it for several")
        private List<IpPrefix> prefixes = new ArrayList<>();

        @Option(names = "--no-prefix", required = true, description = "the member is no tunnel node, and registers none")
        private boolean none;
    }

    @Option(names = "--valid", paramLabel = "TIME", defaultValue = "24h", converter = TimeConverter.class,
        description = "how long the token is valid, in minutes (m), hours (h) or days (d), at most 30d (default: ${DEFAULT-VALUE})")
    private Seconds valid;

    @Mixin
    private KeyServerOption server;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        String token = server.call(EnrolmentMXBean.class,
            (enrolment, operator) -> enrolment.issueToken(operator, id, grant.prefixes.stream().map(IpPrefix::toString).toArray(String[]::new), valid.count()));
        spec.commandLine().getOut().println(token);
        spec.commandLine().getErr().println("a token for member " + id + ": one certificate, once. Whoever has it can have the certificate");
        return 0;
    }

    /** A type of its own, so that picocli's own reader of numbers is not asked. */
    record Seconds(long count) {
    }

    private static final class TimeConverter implements ITypeConverter<Seconds> {
        private static final long LONGEST_SECONDS = 30 * 86_400;

        @Override
        public Seconds convert(String value) {
            if (!value.matches("[1-9][0-9]{0,5}[mhd]")) {
                throw new TypeConversionException("'" + value + "' is not a number of minutes, hours or days such as 30m, 24h or 7d");
            }
            long number = Long.parseLong(value.substring(0, value.length() - 1));
            long seconds = number * switch (value.charAt(value.length() - 1)) {
                case 'm' -> 60;
                case 'h' -> 3_600;
                default -> 86_400;
            };
            if (seconds > LONGEST_SECONDS) {
                throw new TypeConversionException("a token is valid for 30 days (30d) at most, and '" + value + "' is more");
            }
            return new Seconds(seconds);
        }
    }
}
