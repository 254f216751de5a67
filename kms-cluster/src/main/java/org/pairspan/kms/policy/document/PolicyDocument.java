package org.pairspan.kms.policy.document;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A policy document, read and found without fault. Groups are in the order of their names, rules in theirs: the first one about a pair
 * decides, and a pair that none is about is denied.
 */
public record PolicyDocument(List<Group> groups, List<Rule> rules) {

    /** Longest text, bytes of UTF-8. */
    public static final int MAX_BYTES = 128 * 1024;
    /** Most rules, and most groups. */
    static final int MAX_RULES = 1024;
    static final int MAX_GROUPS = 1024;

    private static final String SYNTAX = "must be HOCON";

    public PolicyDocument {
        groups = List.copyOf(groups);
        rules = List.copyOf(rules);
    }

    /**
     * Reads a document. Nothing outside it is looked at: no other file, no environment.
     *
     * @throws PolicyDocumentException with every fault found
     */
    public static PolicyDocument parse(String text) throws PolicyDocumentException {
        Problems problems = new Problems();
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_BYTES) {
            problems.add(null, "the document", bytes + " bytes", "must have " + MAX_BYTES + " bytes at the most", "use groups and patterns");
            problems.throwIfAny();
        }
        DocumentReader reader = new DocumentReader(problems);
        PolicyDocument document = reader.read(syntax(text, problems));
        problems.throwIfAny();
        return document;
    }

    private static Config syntax(String text, Problems problems) throws PolicyDocumentException {
        try {
            Config config = ConfigFactory.parseString(text, ConfigParseOptions.defaults().setOriginDescription("line")
                    .setIncluder(new NoIncludes()));
            if (config.isResolved()) {
                return config;
            }
            problems.add(null, "the document", "${...}", "must not have substitutions", "write the value itself");
        } catch (NoIncludes.IncludeException e) {
            problems.add(null, "the document", "include " + e.getMessage(), "must stand alone", "write what is to be included itself");
        } catch (ConfigException e) {
            int line = e.origin() == null ? 0 : e.origin().lineNumber();
            problems.add(line > 0 ? e.origin() : null, "the document", "does not parse", SYNTAX + ": " + e.getMessage(),
                    "correct it at that place; look for quotes, commas and brackets that do not match");
        } catch (StackOverflowError e) {
            problems.add(null, "the document", "does not parse", SYNTAX + ", not nested so deeply", "look for brackets that do not match");
        }
        problems.throwIfAny();
        throw new IllegalStateException("a document without syntax has a problem");
    }
}
