package org.pairspan.runtime.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The arrows between the packages of the runtime. */
class RuntimeArchitectureTest {
    private static final JavaClasses CLASSES =
        new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("org.pairspan.runtime");

    @Test
    void packagesFormNoCycle() {
        slices().matching("org.pairspan.runtime.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void theRuntimeKnowsNoProgram() {
        noClasses().should().dependOnClassesThat()
            .resideInAnyPackage("org.pairspan.kms..", "org.pairspan.node..", "org.pairspan.cli..", "org.apache.pekko..", "io.aeron..").check(CLASSES);
    }
}
