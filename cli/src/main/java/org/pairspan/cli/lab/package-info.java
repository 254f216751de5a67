/**
 * A laboratory on one machine: network namespaces joined by links, real processes inside them, and the instruments to watch and disturb both.
 *
 * <p>The demo and the multi-JVM tests share it. Everything it makes it also takes away, at close or when the JVM ends;
 * nothing here touches the host's own interfaces.
 */
package org.pairspan.cli.lab;
