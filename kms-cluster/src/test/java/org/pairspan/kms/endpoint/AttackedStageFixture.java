package org.pairspan.kms.endpoint;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A stage for each test, and the folder with its certificates and those of its members. */
abstract class AttackedStageFixture {

    @TempDir
    Path folder;
    AttackedStage stage;

    @BeforeEach
    void serve() throws IOException {
        stage = new AttackedStage(folder);
    }

    @AfterEach
    void stop() {
        stage.close();
    }
}
