package org.pairspan.cli.ctl;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.pairspan.kms.audit.chain.LogLine;
import org.pairspan.kms.audit.chain.LogReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Shows records of audit logs. */
@Command(name = "show",
    description = "Shows records of audit logs, a line each. Whether they are whole tells 'pairspan ctl audit verify'.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
        "  pairspan ctl audit show audit-kms-1.jsonl --member site-a",
        "  pairspan ctl audit show audit-kms-1.jsonl --event member-revoked --since 2026-01-31T00:00:00Z",
        "  pairspan ctl audit show audit-kms-1.jsonl --since 2h"})
final class AuditShowCommand implements Callable<Integer> {
    /** Fields that prove something, and tell a reader nothing. */
    private static final Set<String> LEFT_OUT = Set.of("seq", "time", "event", "previous", "hash", "signature", "certificate");

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "the log's files, shown in this order")
    private List<Path> files;

    @Option(names = "--member", paramLabel = "ID", description = "only what this member did or what concerns it")
    private String member;

    @Option(names = "--event", paramLabel = "EVENT", description = "only this event, such as key-request")
    private String event;

    @Option(names = "--since", paramLabel = "TIME", converter = SinceConverter.class,
        description = "only what happened since: a time such as 2026-01-31T00:00:00Z, or so long ago: 30m, 2h, 7d")
    private Since since;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        for (Path file : files) {
            LogReader.read(file, line -> {
                if (wanted(line)) {
                    out.println(text(line));
                }
            });
        }
        out.flush();
        return 0;
    }

    private boolean wanted(LogLine line) {
        return (event == null || event.equals(line.event())) && (since == null || !line.time().isBefore(since.instant()))
            && (member == null || member.equals(line.field("member")) || member.equals(line.field("peer"))
            || ("member " + member).equals(line.field("actor")));
    }

    private static String text(LogLine line) {
        return line.sequence() + "  " + line.time() + "  " + quoted(line.event()) + "  " + line.fields().entrySet().stream()
            .filter(field -> !LEFT_OUT.contains(field.getKey()))
            .map(field -> quoted(field.getKey()) + "=" + quoted(field.getValue())).collect(Collectors.joining(" "));
    }

    /** What came from outside may hold anything: a terminal gets letters, and no text ends its own quotes. */
    private static String quoted(String value) {
        if (value.matches("[\\w.:/-]+")) {
            return value;
        }
        StringBuilder safe = new StringBuilder(value.length() + 2).append('"');
        value.codePoints().forEach(point -> {
            if (point == '"' || point == '\\') {
                safe.append('\\');
            }
            safe.appendCodePoint(Character.isISOControl(point) || Character.getType(point) == Character.FORMAT ? '\uFFFD' : point);
        });
        return safe.append('"').toString();
    }

    /** A type of its own, so that picocli's own reader of instants is not asked. */
    record Since(Instant instant) {
    }

    private static final class SinceConverter implements ITypeConverter<Since> {
        @Override
        public Since convert(String value) {
            try {
                if (value.matches("[1-9][0-9]{0,5}[mhd]")) {
                    long number = Long.parseLong(value.substring(0, value.length() - 1));
                    Duration ago = switch (value.charAt(value.length() - 1)) {
                        case 'm' -> Duration.ofMinutes(number);
                        case 'h' -> Duration.ofHours(number);
                        default -> Duration.ofDays(number);
                    };
                    return new Since(Instant.now().minus(ago));
                }
                return new Since(Instant.parse(value));
            } catch (DateTimeException e) {
                throw new TypeConversionException("'" + value + "' is neither a time such as 2026-01-31T00:00:00Z nor so long ago, such as 2h");
            }
        }
    }
}
