/**
 * Applications of the laboratory: a file over TCP, an echo over UDP and its prober. They open their sockets in a namespace and know
 * nothing of tunnels, so that what they see is what any application would.
 */
package org.pairspan.cli.lab.traffic;
