package org.pairspan.protocol.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Bytes in, bytes out: what this module may know. */
class ProtocolArchitectureTest {
    private static final String ROOT = "org.pairspan.protocol.";
    private static final Set<String> NET_TYPES_WITHOUT_SOCKETS = Set.of("java.net.InetAddress", "java.net.Inet4Address",
        "java.net.Inet6Address", "java.net.InetSocketAddress", "java.net.UnknownHostException");

    private static final JavaClasses CLASSES = new ClassFileImporter()
        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
        .importPackages("org.pairspan.protocol");

    @Test
    void packagesFormNoCycle() {
        slices().matching(ROOT + "(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void nothingReachesTheNetwork() {
        DescribedPredicate<JavaClass> network = DescribedPredicate.describe("sockets and channels", target ->
            target.getPackageName().equals("java.net") && !NET_TYPES_WITHOUT_SOCKETS.contains(target.getFullName()));
        noClasses().should().dependOnClassesThat(network.or(resideInAnyPackage("java.nio.channels..", "javax.net..", "java.rmi..")))
            .check(CLASSES);
    }

    @Test
    void nothingStartsThreadsOrLocks() {
        DescribedPredicate<JavaClass> threads = DescribedPredicate.describe("threads, executors and locks", target ->
            target.getFullName().equals("java.lang.Thread")
                || target.getPackageName().startsWith("java.util.concurrent")
                && !target.getFullName().equals("java.util.concurrent.TimeUnit"));
        noClasses().should().dependOnClassesThat(threads).check(CLASSES);
    }

    @Test
    void nothingReadsTheSystemClock() {
        noClasses().should().callMethod(System.class, "nanoTime")
            .orShould().callMethod(System.class, "currentTimeMillis")
            .orShould().dependOnClassesThat(resideInAPackage("java.time..")).check(CLASSES);
    }

    @Test
    void nothingKnowsAnActorSystemOrATransport() {
        noClasses().should().dependOnClassesThat(resideInAnyPackage("org.apache.pekko..", "io.aeron..", "org.slf4j.."))
            .check(CLASSES);
    }

    @Test
    void onlyTheSessionKnowsTheProtocolsTogether() {
        String[] protocols = {"spa", "esp", "association", "transport", "heartbeat", "alert", "pathmtu", "padding", "session"};
        for (String each : protocols) {
            for (String other : protocols) {
                if (!each.equals(other) && !each.equals("session")) {
                    noClasses().that().resideInAPackage(ROOT + each + "..")
                        .should().dependOnClassesThat().resideInAPackage(ROOT + other + "..").check(CLASSES);
                }
            }
        }
    }

    @Test
    void onlyTheCryptoPackageKnowsTheJdksCiphers() {
        classes().that().resideOutsideOfPackage(ROOT + "crypto..").should().onlyDependOnClassesThat(
            DescribedPredicate.not(resideInAnyPackage("javax.crypto..", "java.security.."))).check(CLASSES);
    }
}
