package org.pairspan.cli.service;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import javax.management.JMException;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the next start need not read and verify again: the classes that this program has used, as the JVM has them. The launcher names the file
 * where there is none yet, and has the JVM take notes ({@code -XX:+RecordDynamicDumpInfo}). Only a program that has worked knows what the next
 * one needs, so it is written by one that ends in order, never by one that failed or was no server at all.
 */
final class ClassDataArchive {
    /** The launcher's. */
    static final String FILE = "pairspan.class-data";

    private static final Logger LOG = LoggerFactory.getLogger(ClassDataArchive.class);

    private ClassDataArchive() {
    }

    /** Writes it where the launcher wants one; the last that a program does. A failure costs the next start some seconds, and nothing else. */
    static void write() {
        String name = System.getProperty(FILE);
        if (name == null) {
            return;
        }
        Path file = Path.of(name);
        // Several servers may end at once; the launcher takes away what one leaves that is killed here.
        Path own = Path.of(name + "." + ProcessHandle.current().pid());
        // The JVM says there that a jcmd was attached, which would only lead operators astray.
        System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
        try {
            Object answer = ManagementFactory.getPlatformMBeanServer().invoke(new ObjectName("com.sun.management:type=DiagnosticCommand"), "vmCds",
                new Object[] {new String[] {"dynamic_dump", own.toString()}}, new String[] {String[].class.getName()});
            if (Files.exists(own)) {
                Files.move(own, file, StandardCopyOption.ATOMIC_MOVE);
            } else {
                LOG.debug("No archive of class data: {}", answer);
            }
        } catch (IOException | JMException | RuntimeException e) {
            LOG.debug("No archive of class data", e);
        }
    }
}
