package org.pairspan.kms.cluster;

import com.typesafe.config.Config;
import java.util.List;
import org.apache.pekko.cluster.ConfigValidation;
import org.apache.pekko.cluster.JoinConfigCompatChecker;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Lets a server join only servers that use the same journal. With journals of their own, two servers would make two keys for one pair.
 * Named in the actor system's configuration, which makes one.
 */
public final class SameJournalChecker extends JoinConfigCompatChecker {

    /** Setting that holds the journal's id, a random value kept in the journal itself. */
    public static final String JOURNAL_ID = "pairspan-kms-journal-id";

    @Override
    public Seq<String> requiredKeys() {
        return CollectionConverters.asScala(List.of(JOURNAL_ID)).toList();
    }

    @Override
    public ConfigValidation check(Config toCheck, Config actual) {
        return JoinConfigCompatChecker.fullMatch(requiredKeys(), toCheck, actual);
    }
}
