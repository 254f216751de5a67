/** One log for everything in the process: SLF4J with Logback, and the JDK's own logging led there. */
package org.pairspan.runtime.logging;
