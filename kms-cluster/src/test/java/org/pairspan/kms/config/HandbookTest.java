package org.pairspan.kms.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.pairspan.kms.audit.AuditRecord;
import org.pairspan.protocol.keyservice.Refusal;

/** The operator's handbook knows what a key server can be told and what it says. */
class HandbookTest {

    private static final Path CHAPTERS = Path.of("..", "docs", "operations");
    /** In the handbook; the sections policy and identity are a node's, too. */
    private static final Pattern SETTING = Pattern.compile(
            "`((?:cluster|member-link|journal|sealing|key-source|etsi-014|association|key-update|audit|enrolment)\\.[a-z0-9.-]+)`");

    @Test
    void everySettingStandsInTheHandbook() throws IOException {
        String handbook = handbook();
        assertEquals(List.of(), settings().stream()
                .filter(path -> !Pattern.compile("\\b" + Pattern.quote(path.substring(path.lastIndexOf('.') + 1)) + "\\b").matcher(handbook).find()).toList());
    }

    @Test
    void everySettingThatTheHandbookNamesIsThere() throws IOException {
        Set<String> settings = settings();
        Predicate<String> known = name -> settings.stream().anyMatch(path -> path.equals(name) || path.startsWith(name + '.'));
        List<String> named = SETTING.matcher(handbook()).results().map((MatchResult found) -> found.group(1)).distinct().toList();
        assertTrue(named.size() > 30, named::toString);
        assertEquals(List.of(), named.stream().filter(known.negate()).toList());
    }

    @Test
    void everyRecordOfTheAuditLogAndEveryRefusalStandsInTheHandbook() throws IOException {
        String handbook = handbook();
        Stream<String> words = Stream.concat(Stream.of(AuditRecord.Event.values()).map(AuditRecord.Event::word),
                Stream.of(Refusal.Reason.values()).filter(reason -> reason != Refusal.Reason.REASON_UNSPECIFIED && reason != Refusal.Reason.UNRECOGNIZED)
                        .map(Refusal.Reason::name));
        assertEquals(List.of(), words.filter(word -> !handbook.contains('`' + word + '`')).toList());
    }

    private static String handbook() throws IOException {
        StringBuilder text = new StringBuilder();
        try (Stream<Path> chapters = Files.list(CHAPTERS)) {
            for (Path chapter : chapters.collect(Collectors.toCollection(TreeSet::new))) {
                text.append(Files.readString(chapter));
            }
        }
        return text.toString();
    }

    private static Set<String> settings() {
        Set<String> paths = new TreeSet<>();
        collect("", ConfigFactory.parseResources("kms-reference.conf").getConfig("pairspan.kms").root(), paths);
        return paths;
    }

    /** Settings without a default, too. */
    private static void collect(String prefix, ConfigObject section, Set<String> paths) {
        for (Map.Entry<String, ConfigValue> entry : section.entrySet()) {
            if (entry.getValue() instanceof ConfigObject below) {
                collect(prefix + entry.getKey() + '.', below, paths);
            } else {
                paths.add(prefix + entry.getKey());
            }
        }
    }
}
