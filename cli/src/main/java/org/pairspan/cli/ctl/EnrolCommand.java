package org.pairspan.cli.ctl;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.pairspan.kms.enrolment.EnrolmentMXBean;
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
        "  (umask 077; pairspan ctl enrol site-b --prefix 10.2.0.0/16 --prefix 2001:db8:2::/48 --valid 2h --name kms-1 > site-b.token)"})
final class EnrolCommand implements Callable<Integer> {
    @Parameters(paramLabel = "ID", description = "the member's id: a-z 0-9 . -, at most 63 characters")
    private String id;

    @Option(names = "--prefix", paramLabel = "PREFIX", description = "an IPv4 or IPv6 prefix behind this member; repeat it for several (default: none)")
    private final List<String> prefixes = new ArrayList<>();

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
            (enrolment, operator) -> enrolment.issueToken(operator, id, prefixes.toArray(String[]::new), valid.count()));
        spec.commandLine().getOut().println(token);
        spec.commandLine().getErr().println("a token for member " + id + ": one certificate, once. Whoever has it can have the certificate");
        return 0;
    }

    /** A type of its own, so that picocli's own reader of numbers is not asked. */
    record Seconds(long count) {
    }

    private static final class TimeConverter implements ITypeConverter<Seconds> {
        @Override
        public Seconds convert(String value) {
            if (!value.matches("[1-9][0-9]{0,5}[mhd]")) {
                throw new TypeConversionException("'" + value + "' is not a number of minutes, hours or days such as 30m, 24h or 7d");
            }
            long number = Long.parseLong(value.substring(0, value.length() - 1));
            return new Seconds(number * switch (value.charAt(value.length() - 1)) {
                case 'm' -> 60;
                case 'h' -> 3_600;
                default -> 86_400;
            });
        }
    }
}
