package org.pairspan.cli.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The arrows between the modules, which this one sees all: protocol, runtime, then kms-cluster and tunnel-node side by side, then cli. */
class ModuleArchitectureTest {
    private static final JavaClasses CLASSES =
        new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("org.pairspan");

    @Test
    void keyServersAndNodesNeverImportEachOther() {
        noClasses().that().resideInAPackage("org.pairspan.kms..").should().dependOnClassesThat().resideInAPackage("org.pairspan.node..").check(CLASSES);
        noClasses().that().resideInAPackage("org.pairspan.node..").should().dependOnClassesThat().resideInAPackage("org.pairspan.kms..").check(CLASSES);
    }

    @Test
    void theProtocolKnowsNothingAboveIt() {
        noClasses().that().resideInAPackage("org.pairspan.protocol..").should().dependOnClassesThat()
            .resideInAnyPackage("org.pairspan.runtime..", "org.pairspan.kms..", "org.pairspan.node..", "org.pairspan.cli..").check(CLASSES);
    }

    @Test
    void nothingKnowsTheCommandLine() {
        noClasses().that().resideOutsideOfPackage("org.pairspan.cli..").should().dependOnClassesThat().resideInAPackage("org.pairspan.cli..").check(CLASSES);
    }

    @Test
    void theCommandsFormNoCycleAndDoNotKnowTheEntryPoint() {
        slices().matching("org.pairspan.cli.(*)..").should().beFreeOfCycles().check(CLASSES);
        noClasses().that().resideInAPackage("org.pairspan.cli.*..").should().dependOnClassesThat().resideInAPackage("org.pairspan.cli").check(CLASSES);
    }
}
