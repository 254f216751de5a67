package org.pairspan.node.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The arrows between the packages of the node. */
class NodeArchitectureTest {
    private static final JavaClasses CLASSES =
            new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("org.pairspan.node");

    @Test
    void packagesFormNoCycle() {
        slices().matching("org.pairspan.node.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void theNodeKnowsNeitherTheKeyServersNorPekko() {
        noClasses().should().dependOnClassesThat().resideInAnyPackage("org.pairspan.kms..", "org.pairspan.cli..", "org.apache.pekko..")
                .check(CLASSES);
    }

    @Test
    void onlyTheApplicationKnowsThePipeline() {
        noClasses().that().resideOutsideOfPackages("org.pairspan.node.app..", "org.pairspan.node.pipeline..")
                .should().dependOnClassesThat().resideInAPackage("org.pairspan.node.pipeline..").check(CLASSES);
    }

    @Test
    void theDataPlaneDoesNotReachTheKeyServiceLink() {
        noClasses().that().resideInAnyPackage("org.pairspan.node.pipeline..", "org.pairspan.node.bearer..", "org.pairspan.node.association..")
                .should().dependOnClassesThat().resideInAnyPackage("javax.net.ssl..", "org.pairspan.protocol.keyservice..", "org.pairspan.runtime.tls..")
                .check(CLASSES);
    }
}
